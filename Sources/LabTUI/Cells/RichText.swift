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
        var wrapper = LineWrapper(limit: limit, hanging: min(hanging, limit / 2, max(0, limit - 2)))
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
