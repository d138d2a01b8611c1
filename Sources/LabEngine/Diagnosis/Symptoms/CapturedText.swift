/// Reads outputs that were saved to a file.
package enum CapturedText {
    /// The text of a file: UTF-8, or the UTF-16 that PowerShell's `>` writes.
    package static func decode(_ bytes: [UInt8]) -> String {
        guard bytes.count > 1 else { return String(decoding: bytes, as: UTF8.self) }
        switch (bytes[0], bytes[1]) {
        case (0xFF, 0xFE): return utf16(bytes) { UInt16($0) | UInt16($1) << 8 }
        case (0xFE, 0xFF): return utf16(bytes) { UInt16($0) << 8 | UInt16($1) }
        default: return String(decoding: bytes, as: UTF8.self)
        }
    }

    private static func utf16(_ bytes: [UInt8], _ unit: (UInt8, UInt8) -> UInt16) -> String {
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
        return String(decoding: units, as: UTF16.self)
    }
}
