extension ArraySlice<UInt8> {
    /// The bytes as text. Invalid UTF-8 becomes U+FFFD.
    package var text: String { String(decoding: self, as: UTF8.self) }
}
