/// A value to be written as YAML in the way of a person: blocks, plain words where they can be plain, comments above keys.
package indirect enum YAMLText: Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
    /// `[a, b]`; below each other if one has several lines.
    case words([String])
    case list([YAMLText])
    case mapping([Entry])
    /// Lines as they are, behind `|`.
    case document(String)

    /// A key of a mapping.
    package struct Entry: Sendable {
        package var key: String
        package var value: YAMLText
        package var comment: String?

        package init(_ key: String, _ value: YAMLText, comment: String? = nil) {
            self.key = key
            self.value = value
            self.comment = comment
        }
    }

    /// The whole text, with a line end.
    package var written: String { lines.joined(separator: "\n") + "\n" }

    private var lines: [String] {
        switch self {
        case .words(let words) where words.contains(where: Self.isDocument):
            YAMLText.list(words.map { Self.isDocument($0) ? .document($0) : .text($0) }).lines
        case .text(let text): [Self.scalar(text)]
        case .number(let number): [String(number)]
        case .flag(let flag): [String(flag)]
        case .words(let words): ["[\(words.map(Self.scalar).joined(separator: ", "))]"]
        case .list(let values): values.flatMap(Self.item)
        case .mapping(let entries): entries.flatMap(Self.lines)
        // Other content would end the block, or begin something of its own.
        case .document(let text) where !Self.isDocument(text): [Self.scalar(text)]
        case .document(let text):
            [text.hasSuffix("\n") ? "|" : "|-"]
                + text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0).map(String.init)
                .map(Self.indented)
        }
    }

    private static func lines(of entry: Entry) -> [String] {
        let comment = entry.comment.map { $0.split(separator: "\n").map { "# \($0)" } } ?? []
        let key = scalar(entry.key)
        let lines = entry.value.lines
        let body: [String] =
            switch entry.value {
            case .words where lines.count > 1, .list, .mapping: ["\(key):"] + lines.map(indented)
            case .text, .number, .flag, .words, .document: ["\(key): \(lines[0])"] + lines.dropFirst()
            }
        return comment + body
    }

    private static func indented(_ line: String) -> String { line.isEmpty ? "" : "  \(line)" }

    private static func item(_ value: YAMLText) -> [String] {
        let lines = value.lines
        // The lines of a document are indented already.
        let rest = if case .document = value { Array(lines.dropFirst()) } else { lines.dropFirst().map(indented) }
        return ["- \(lines[0])"] + rest
    }

    /// Several lines that YAML takes as they are: nothing unprintable, and the first one isn't indented.
    private static func isDocument(_ text: String) -> Bool {
        text.wholeMatch(of: /[!-~][ -~]*(\n[ -~]*)*\n[ -~]*[!-~]\n?/) != nil
    }

    /// Plain if nobody can read it as anything but this text. JSON's strings are YAML's, too.
    static func scalar(_ text: String) -> String { isPlain(text) ? text : JSONText.string(text) }

    private static func isPlain(_ text: String) -> Bool {
        if text.wholeMatch(of: /[0-9]+s/) != nil { return true }
        guard text.wholeMatch(of: /(-{0,2}|\.?\/)[A-Za-z][A-Za-z0-9\/._:=-]*/) != nil, !text.hasSuffix(":") else { return false }
        return !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text.lowercased())
    }
}
