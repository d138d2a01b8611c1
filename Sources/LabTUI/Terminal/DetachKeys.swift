/// Looks for the keys that leave a container without stopping it: Ctrl-P Ctrl-Q, as in Docker's own client.
package struct DetachKeys: Sendable, Equatable {
    private static let first: UInt8 = 0x10
    private static let second: UInt8 = 0x11

    /// True if a Ctrl-P is held back until the next key shows what it means.
    private var holdsFirst = false

    package init() {}

    /// Takes typed bytes. Returns the bytes to pass on, and whether the student wants to leave. Bytes after the keys are dropped.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> (passed: [UInt8], leaves: Bool) {
        var passed: [UInt8] = []
        for byte in bytes {
            if holdsFirst {
                if byte == Self.second { return (passed, true) }
                passed.append(Self.first)
            }
            holdsFirst = byte == Self.first
            if !holdsFirst { passed.append(byte) }
        }
        return (passed, false)
    }
}
