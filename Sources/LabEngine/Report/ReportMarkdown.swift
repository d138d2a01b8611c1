import LabSupport

/// A report as Markdown (CommonMark with GitHub's tables).
package struct ReportMarkdown: Sendable {
    private let document: ReportDocument

    package init(_ document: ReportDocument) { self.document = document }

    /// The whole file.
    package var text: String { document.blocks.map(write).filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n" }

    private func write(_ block: ReportDocument.Block) -> String {
        switch block {
        case .heading(let level, let spans, _): String(repeating: "#", count: level) + " " + line(spans)
        case .text(let spans): paragraph(spans)
        case .list(let items), .warning(let items, _): items.map { "- " + line($0) }.joined(separator: "\n")
        case .facts(let facts): facts.map { "- **\(Self.escaped($0.0))**\(colon)" + line($0.1) }.joined(separator: "\n")
        case .table(let columns, let rows, _): table(columns, rows)
        case .lines(let lines): Self.fenced(lines)
        // The table of epochs contains the same numbers.
        case .chart(let chart): paragraph([.words(chart.alternative)])
        }
    }

    private var colon: String { document.language == .zh ? "：" : ": " }

    private func table(_ columns: [ReportDocument.Column], _ rows: [[[ReportDocument.Span]]]) -> String {
        let head = "| " + columns.map { Self.escaped($0.title) }.joined(separator: " | ") + " |"
        let rule = "|" + columns.map { $0.isNumber ? "--:" : "---" }.joined(separator: "|") + "|"
        return ([head, rule] + rows.map { "| " + $0.map { line($0, inTable: true) }.joined(separator: " | ") + " |" }).joined(
            separator: "\n")
    }

    private func paragraph(_ spans: [ReportDocument.Span]) -> String { Self.withoutMarker(line(spans)) }

    private func line(_ spans: [ReportDocument.Span], inTable: Bool = false) -> String {
        let text = spans.map { span -> String in
            switch span {
            case .words(let text), .time(let text), .state(_, let text), .link(let text, _): Self.escaped(text)
            case .strong(let text): Self.strong(text)
            case .code(let text): Self.code(text, inTable: inTable)
            }
        }.joined()
        return String(text.reversed().drop { $0 == " " }.reversed())
    }

    // MARK: Escapes

    /// The marks work only directly beside a word.
    private static func strong(_ text: String) -> String {
        let word = text.reversed().drop { $0 == " " }.reversed()
        return word.isEmpty ? text : "**\(escaped(String(word)))**" + String(repeating: " ", count: text.count - word.count)
    }

    /// Escapes text so that it has no meaning in Markdown.
    static func escaped(_ text: String) -> String {
        var result = ""
        var last: Character = " "
        var rest = text[...]
        while let character = rest.popFirst() {
            let next = rest.first ?? " "
            switch character {
            case "\\", "`", "*", "[", "]", "<", ">", "|": result += "\\" + String(character)
            case "&": result += "&amp;"
            case "\n", "\r": result += " "
            // Within a word, `_` has no meaning.
            case "_" where !(last.isLetter || last.isNumber) || !(next.isLetter || next.isNumber): result += "\\_"
            case "~" where next == "~" || last == "~": result += "\\~"
            // Addresses from a server's texts must not become links.
            case ":" where next == "/": result += "\\:"
            case "@": result += "\\@"
            case "." where result.lowercased().hasSuffix("www"): result += "\\."
            default: result.append(character)
            }
            last = character
        }
        return result
    }

    /// Escapes what would turn a line into a list, a heading or a quotation.
    private static func withoutMarker(_ line: String) -> String {
        guard let first = line.first else { return line }
        if "#+-=".contains(first) { return "\\" + line }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, let sign = line.dropFirst(digits.count).first, sign == "." || sign == ")" {
            return digits + "\\" + line.dropFirst(digits.count)
        }
        return line
    }

    /// A code span. Its marks are longer than any within it. Tables treat pipes within code as separators, too.
    private static func code(_ text: String, inTable: Bool) -> String {
        let oneLine = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        guard !oneLine.isEmpty else { return "" }
        let marks = String(repeating: "`", count: longestRun(of: "`", in: oneLine) + 1)
        let edge = oneLine.hasPrefix("`") || oneLine.hasSuffix("`") ? " " : ""
        let code = marks + edge + oneLine + edge + marks
        return inTable ? code.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") : code
    }

    private static func fenced(_ lines: [String]) -> String {
        let marks = String(repeating: "`", count: max(3, (lines.map { longestRun(of: "`", in: $0) }.max() ?? 0) + 1))
        return ([marks + "text"] + lines + [marks]).joined(separator: "\n")
    }

    private static func longestRun(of mark: Character, in text: String) -> Int {
        var longest = 0
        var run = 0
        for character in text {
            run = character == mark ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
