import LabSupport

/// Renders the Markdown of a lab's explanations as lines: headings, lists, quotes, code, emphasis and links. Tables stay as they are.
package struct Markdown {
    private let look: Look
    private let columns: Int
    private var result: [RichLine] = []
    private var paragraph: [String] = []
    /// The list mark before the paragraph. The lines below belong to the same item unless they begin another one.
    private var lead = ""
    private var isCode = false

    private init(_ look: Look, _ columns: Int) {
        self.look = look
        self.columns = columns
    }

    /// The widest that prose gets. The eye loses longer lines.
    package static let proseColumns = 88

    /// The text as lines of at most `columns` columns, and prose of at most `proseColumns`.
    package static func lines(_ text: String, columns: Int, look: Look) -> [RichLine] {
        let page = Page(text: text, columns: columns, look: look)
        if let last = last.withLock({ $0 }), last.page == page { return last.lines }
        let lines = read(text, columns, look)
        last.withLock { $0 = (page, lines) }
        return lines
    }

    private struct Page: Equatable {
        var text: String
        var columns: Int
        var look: Look
    }

    /// The text of the current sub-step is wanted for each frame, and twice.
    private static let last = Locked<(page: Page, lines: [RichLine])?>(nil)

    private static func read(_ text: String, _ columns: Int, _ look: Look) -> [RichLine] {
        var reader = Markdown(look, columns)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { reader.take(String(line)) }
        reader.endParagraph()
        while reader.result.last?.spans.isEmpty == true { reader.result.removeLast() }
        return reader.result
    }

    private mutating func take(_ line: String) {
        let trimmed = line.trimmed
        if trimmed.hasPrefix("```") {
            endParagraph()
            isCode.toggle()
        } else if isCode {
            result += RichLine([Span("  "), Span(line, look[.code])], hanging: 4).wrapped(to: columns)
        } else if trimmed.isEmpty {
            endParagraph()
            blank()
        } else if let heading = Self.heading(trimmed) {
            endParagraph()
            if !result.isEmpty { blank() }
            result += RichLine(heading, look[.heading]).wrapped(to: min(columns, Self.proseColumns))
        } else if let item = Self.item(line) {
            endParagraph()
            lead = String(repeating: " ", count: item.indent) + (item.mark ?? look.glyphs.bullet) + " "
            paragraph = [item.text]
        } else if trimmed.hasPrefix(">") {
            endParagraph()
            add(String(trimmed.dropFirst()).trimmed, lead: look.glyphs.vertical + " ")
        } else if trimmed.hasPrefix("|") {
            endParagraph()
            result.append(RichLine(inline(trimmed)).truncated(to: columns, ellipsis: look.glyphs.ellipsis))
        } else {
            paragraph.append(trimmed)
        }
    }

    private mutating func blank() {
        if result.last?.spans.isEmpty != true, !result.isEmpty { result.append(RichLine([])) }
    }

    private mutating func endParagraph() {
        guard !paragraph.isEmpty else { return }
        // Chinese has no blanks between words, so a line end in the source doesn't become a blank.
        let text = paragraph.reduce(into: "") { text, line in
            guard let last = text.unicodeScalars.last, let first = line.unicodeScalars.first else { return text += line }
            let wide = (CellWidth.of(last) == 2, CellWidth.of(first) == 2)
            // Put a blank between Chinese and a word of another script, but not beside full-width punctuation.
            let joins = wide == (true, true) || [last, first].contains { (0x3000...0x303F).contains($0.value) || $0.value >= 0xFF00 }
            text += (joins ? "" : " ") + line
        }
        paragraph = []
        add(text, lead: lead)
        lead = ""
    }

    private mutating func add(_ text: String, lead: String) {
        let mark = lead.isEmpty ? [] : [Span(lead, look[.muted])]
        let line = RichLine(mark + inline(text), hanging: CellWidth.of(lead))
        result += line.wrapped(to: min(columns, Self.proseColumns))
    }

    private static func heading(_ line: String) -> String? {
        let marks = line.prefix { $0 == "#" }
        guard (1...6).contains(marks.count), line.dropFirst(marks.count).first == " " else { return nil }
        return String(line.dropFirst(marks.count)).trimmed
    }

    private static func item(_ line: String) -> (indent: Int, mark: String?, text: String)? {
        let indent = line.prefix { $0 == " " }.count
        let rest = line.dropFirst(indent)
        if let first = rest.first, "-*+".contains(first), rest.dropFirst().first == " " {
            return (indent, nil, String(rest.dropFirst(2)).trimmed)
        }
        let digits = rest.prefix { $0.isNumber }
        guard !digits.isEmpty, digits.count <= 2, rest.dropFirst(digits.count).hasPrefix(". ") else { return nil }
        return (indent, digits + ".", String(rest.dropFirst(digits.count + 2)).trimmed)
    }

    /// Renders emphasis, code and links within a line.
    private func inline(_ text: String) -> [Span] {
        var spans: [Span] = []
        var plain = ""
        var rest = Substring(text)
        func flush() {
            if !plain.isEmpty { spans.append(Span(plain, look[.text])) }
            plain = ""
        }
        var failures = 0
        while let character = rest.first {
            let mayBegin = "`*[".contains(character) && failures < Self.failureLimit
            if !mayBegin {
                plain.append(character)
                rest = rest.dropFirst()
            } else if character == "`", let end = rest.dropFirst().firstIndex(of: "`") {
                flush()
                spans.append(Span(String(rest[rest.index(after: rest.startIndex)..<end]), look[.code]))
                rest = rest[rest.index(after: end)...]
            } else if let mark = ["**", "*"].first(where: { rest.hasPrefix($0) }), let strong = Self.enclosed(rest, mark) {
                flush()
                spans.append(Span(strong.text, look[.strong]))
                rest = strong.rest
            } else if character == "[", let link = Self.link(rest) {
                flush()
                spans.append(Span(link.title, look[.link]))
                if link.title != link.target { spans.append(Span(" (\(link.target))", look[.muted])) }
                rest = link.rest
            } else {
                failures += 1
                plain.append(character)
                rest = rest.dropFirst()
            }
        }
        flush()
        return spans
    }

    /// So many marks of a line may lead nowhere. Each is followed to the line's end, and a line of nothing else would take for ever.
    private static let failureLimit = 100

    private static func enclosed(_ text: Substring, _ mark: String) -> (text: String, rest: Substring)? {
        let inner = text.dropFirst(mark.count)
        // An asterisk before a blank is a multiplication sign.
        guard let end = inner.range(of: mark), end.lowerBound > inner.startIndex, inner.first != " " else { return nil }
        return (String(inner[..<end.lowerBound]), inner[end.upperBound...])
    }

    private static func link(_ text: Substring) -> (title: String, target: String, rest: Substring)? {
        guard let close = text.firstIndex(of: "]"), text[text.index(after: close)...].hasPrefix("("),
            let end = text[close...].firstIndex(of: ")")
        else { return nil }
        let title = text[text.index(after: text.startIndex)..<close]
        let target = text[text.index(close, offsetBy: 2)..<end]
        return (String(title), String(target), text[text.index(after: end)...])
    }
}

extension StringProtocol {
    /// The text without blanks at its ends.
    var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    /// The first range of `needle`. The standard library's search is linear and doesn't need Foundation.
    func range(of needle: String) -> Range<Index>? { firstRange(of: needle) }
}
