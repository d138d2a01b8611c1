/// Quoting for commands that a student reads, copies and pastes into a POSIX shell.
package enum ShellWord {
    /// The word as the shell must be given it: bare where that is safe, in single quotes otherwise.
    package static func quoted(_ word: String) -> String {
        guard word.isEmpty || !word.utf8.allSatisfy(isPlain) else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The words as one line.
    package static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

    /// `~` at the start, `#`, `!`, `*` and their like are not plain; `=` is not at a command's start, where no option stands.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-_./:=@%+,".utf8.contains(byte)
        }
    }
}
