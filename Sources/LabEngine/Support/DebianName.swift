/// Names of Debian's releases and packages, which programs of this machine get as arguments. An option in their place could run any command.
package enum DebianName {
    /// `trixie`, `stable-backports`.
    package static func isRelease(_ name: String) -> Bool {
        name.utf8.first.map(isLetter) == true && name.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2D || $0 == 0x2E }
    }

    /// `libc6`, `g++-14`, `libc6:i386`.
    package static func isPackage(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: 0x3A, omittingEmptySubsequences: false)
        return parts.count <= 2
            && parts.allSatisfy { part in
                part.first.map { isLetter($0) || isDigit($0) } == true
                    && part.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E }
            }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
