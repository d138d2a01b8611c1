/// Web addresses that a click opens (OSC 8, https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda). The text stays as it is.
enum Links {
    /// Whether standard output shows them. The Linux console prints what it doesn't know.
    static let areShown = Console.outputIsTerminal && !["", "dumb", "linux"].contains(Console.environment["TERM"] ?? "")

    /// Marks the addresses in a text, if the terminal shows them.
    static func marked(_ text: String) -> String { areShown ? withMarks(text) : text }

    /// Marks the addresses in a text.
    static func withMarks(_ text: String) -> String {
        guard text.contains("://") else { return text }
        var result = ""
        var rest = Substring(text)
        while let start = begin(rest) {
            let address = address(rest[start...])
            result += rest[..<start]
            result += address.isEmpty ? "" : "\u{1B}]8;;\(address)\u{1B}\\\(address)\u{1B}]8;;\u{1B}\\"
            rest = rest[address.endIndex...]
            if address.isEmpty, let first = rest.popFirst() { result.append(first) }
        }
        return result + rest
    }

    private static func begin(_ text: Substring) -> Substring.Index? {
        ["http://", "https://"].compactMap { text.firstRange(of: $0)?.lowerBound }.min()
    }

    /// The address at the beginning of a text: printable ASCII, without the punctuation of the sentence around it.
    private static func address(_ text: Substring) -> Substring {
        var address = text.prefix { $0.isASCII && !$0.isWhitespace && !"\"'`<>|{}\u{1B}".contains($0) && $0 > "\u{20}" && $0 != "\u{7F}" }
        while let last = address.last, ".,;:!?)]".contains(last) { address.removeLast() }
        // A scheme alone is no address.
        return address.hasSuffix("://") || address.hasSuffix(":/") || address.hasSuffix("http") ? address.prefix(0) : address
    }
}
