/// The unit of an archive.
enum TarBlock {
    static let size = 512

    /// The length rounded up to whole blocks.
    static func padded(_ length: Int64) -> Int64 { (length + 511) / 512 * 512 }

    /// How many bytes are missing to a whole number of blocks.
    static func padding(after length: Int64) -> Int { Int(padded(length) - length) }
}
