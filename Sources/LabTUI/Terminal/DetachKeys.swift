/// Watches what is typed for the keys that leave a container without ending it: Ctrl-P Ctrl-Q, as in docker's own client.
package struct DetachKeys: Sendable, Equatable {
    private static let first: UInt8 = 0x10
    private static let second: UInt8 = 0x11

    /// A Ctrl-P was typed and is held back until the next key tells what it meant.
    private var holdsFirst = false

    package init() {}

    /// Takes typed bytes. Returns what is to be passed on, and whether the student wants to leave; what was typed after that is dropped.
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
