/// Takes the values of words in capitals out of what programs printed.
struct RemedyWords {
    private let fills: [String: [String]]

    init(_ fills: [String: [String]]) { self.fills = fills }

    /// The values: from the line that proves the cause where it has them, else from the first line that does. What could be more than
    /// a word for a shell is left out.
    func values(in lines: [String], first evidence: Int?) -> [String: String] {
        guard !fills.isEmpty else { return [:] }
        let order = (evidence.map { [$0] } ?? []) + lines.indices
        var values: [String: String] = [:]
        for (word, patterns) in fills {
            values[word] = Self.value(patterns, in: order.lazy.map { lines[$0] })
        }
        return values
    }

    private static func value(_ patterns: [String], in lines: some Sequence<String>) -> String? {
        let regexes = patterns.compactMap { pattern(of: $0) }
        for line in lines {
            for regex in regexes {
                guard let match = line.prefix(1000).firstMatch(of: regex), match.output.count > 1,
                    let value = match.output[1].substring.map(String.init), RemedyFacts.Word.isHarmless(value)
                else { continue }
                return value
            }
        }
        return nil
    }

    /// The regular expression; nil where it is none.
    static func pattern(of source: String) -> Regex<AnyRegexOutput>? { try? Regex(source).ignoresCase() }
}
