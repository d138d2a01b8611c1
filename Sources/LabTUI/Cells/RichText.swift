/// A piece of text in one style.
package struct Span: Sendable, Equatable {
    package var text: String
    package var style: Style

    package init(_ text: String, _ style: Style = .plain) {
        self.text = text
        self.style = style
    }
}

/// A line of pieces in different styles.
package struct RichLine: Sendable, Equatable {
    package var spans: [Span]
    /// The indentation of continuation lines, in columns.
    package var hanging: Int

    package init(_ spans: [Span], hanging: Int = 0) {
        self.spans = spans
        self.hanging = hanging
    }

    package init(_ text: String, _ style: Style = .plain) { self.init([Span(text, style)]) }

    package var columns: Int { spans.reduce(0) { $0 + CellWidth.of($1.text) } }
    package var text: String { spans.map(\.text).joined() }

    /// The line, cut to a number of columns. If it's cut, it ends with an ellipsis.
    package func truncated(to limit: Int, ellipsis: String = "…") -> RichLine {
        guard columns > limit else { return self }
        var left = max(0, limit - CellWidth.of(ellipsis))
        var result: [Span] = []
        for span in spans where left > 0 {
            let piece = CellWidth.prefix(Substring(span.text), fitting: left)
            result.append(Span(String(piece.text), span.style))
            left -= piece.columns
            if piece.text.endIndex < span.text.endIndex { break }
        }
        if limit > 0 { result.append(Span(ellipsis, result.last?.style ?? .plain)) }
        return RichLine(result)
    }

    /// The line, broken into lines with a maximum number of columns: at blanks, between Chinese characters, and within words that are longer
    /// than a line.
    package func wrapped(to limit: Int) -> [RichLine] {
        guard limit > 0 else { return [] }
        guard columns > limit else { return [self] }
        var wrapper = LineWrapper(limit: limit, hanging: min(hanging, limit / 2))
        for span in spans { wrapper.take(span) }
        return wrapper.finish()
    }
}

extension String {
    /// The text, cut to a number of columns, with an ellipsis.
    package func truncated(to limit: Int, ellipsis: String = "…") -> String {
        RichLine(self).truncated(to: limit, ellipsis: ellipsis).text
    }

    /// The text, padded with blanks or cut to an exact number of columns.
    package func padded(to columns: Int, ellipsis: String = "…") -> String {
        let cut = truncated(to: columns, ellipsis: ellipsis)
        return cut + String(repeating: " ", count: max(0, columns - CellWidth.of(cut)))
    }
}

/// Breaks spans into lines.
private struct LineWrapper {
    private struct Atom {
        var text: String
        var columns: Int
        var style: Style
        var isBlank: Bool
        /// True for punctuation that must not begin a line.
        var clings: Bool
    }

    private let limit: Int
    private let hanging: Int
    private var lines: [RichLine] = []
    private var line: [Atom] = []
    private var used = 0

    init(limit: Int, hanging: Int) {
        self.limit = limit
        self.hanging = hanging
    }

    mutating func take(_ span: Span) {
        for atom in Self.atoms(span) { place(atom) }
    }

    mutating func finish() -> [RichLine] {
        if !line.isEmpty || lines.isEmpty { emit() }
        return lines
    }

    private mutating func place(_ atom: Atom) {
        if used + atom.columns <= limit {
            if atom.isBlank, line.isEmpty, !lines.isEmpty { return }
            return append(atom)
        }
        if atom.isBlank { return }
        if atom.clings, let last = line.last, !last.isBlank, line.count > 1 {
            line.removeLast()
            emit()
            append(last)
            return place(atom)
        }
        if !line.isEmpty { emit() }
        if used + atom.columns <= limit { return append(atom) }
        split(atom)
    }

    /// Breaks a word that's longer than the line.
    private mutating func split(_ atom: Atom) {
        var rest = Substring(atom.text)
        while !rest.isEmpty {
            let piece = CellWidth.prefix(rest, fitting: max(1, limit - used))
            guard !piece.text.isEmpty else { return }
            append(Atom(text: String(piece.text), columns: piece.columns, style: atom.style, isBlank: false, clings: false))
            rest = rest[piece.text.endIndex...]
            if !rest.isEmpty { emit() }
        }
    }

    private mutating func append(_ atom: Atom) {
        line.append(atom)
        used += atom.columns
    }

    private mutating func emit() {
        while let last = line.last, last.isBlank { line.removeLast() }
        var spans: [Span] = []
        if !lines.isEmpty, hanging > 0 { spans.append(Span(String(repeating: " ", count: hanging))) }
        for atom in line {
            if spans.last?.style == atom.style {
                spans[spans.count - 1].text += atom.text
            } else {
                spans.append(Span(atom.text, atom.style))
            }
        }
        lines.append(RichLine(spans))
        line = []
        used = hanging
    }

    private static func atoms(_ span: Span) -> [Atom] {
        var atoms: [Atom] = []
        var word = String.UnicodeScalarView()
        func flush() {
            guard !word.isEmpty else { return }
            let text = String(word)
            atoms.append(Atom(text: text, columns: CellWidth.of(text), style: span.style, isBlank: false, clings: false))
            word = String.UnicodeScalarView()
        }
        for scalar in span.text.unicodeScalars {
            let width = CellWidth.of(scalar) ?? 0
            if scalar == " " {
                flush()
                atoms.append(Atom(text: " ", columns: 1, style: span.style, isBlank: true, clings: false))
            } else if width == 2 {
                flush()
                atoms.append(Atom(text: String(scalar), columns: 2, style: span.style, isBlank: false, clings: clinging.contains(scalar)))
            } else {
                word.append(scalar)
            }
        }
        flush()
        return atoms
    }

    private static let clinging = Set("，。、；：？！）」』】》”’…".unicodeScalars)
}
