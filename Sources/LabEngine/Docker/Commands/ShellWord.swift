/// Quotes commands that a student copies into a POSIX shell.
package enum ShellWord {
    /// The word as the shell needs it: bare if that is safe, otherwise in single quotes.
    package static func quoted(_ word: String) -> String {
        guard word.isEmpty || !word.utf8.allSatisfy(isPlain) else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The quoted words as one line.
    package static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

    /// Bytes that need no quotes anywhere in a word. `~`, `#`, `!`, `*` and so on are special. `=` is special only in a command's first
    /// word, which is never an option.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-_./:=@%+,".utf8.contains(byte)
        }
    }
}
