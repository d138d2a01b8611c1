extension Collection<UInt8> {
    /// The bytes as text, for messages.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// The bytes as a path for system calls.
    func withCPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let terminated = map(CChar.init(bitPattern:)) + [0]
        return body(terminated)
    }
}
