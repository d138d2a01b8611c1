/// Lines that scroll, with a bar at the right if they don't all fit.
package struct TextPane {
    private let lines: [RichLine]
    private let offset: Int

    /// Takes lines that are already wrapped. `offset` is the line to show at the top.
    package init(_ lines: [RichLine], offset: Int = 0) {
        self.lines = lines
        self.offset = offset
    }

    /// The maximum offset.
    package static func limit(_ lines: Int, rows: Int) -> Int { max(0, lines - rows) }

    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        guard !rect.isEmpty else { return }
        let first = min(max(0, offset), Self.limit(lines.count, rows: rect.rows))
        for (row, line) in lines.dropFirst(first).prefix(rect.rows).enumerated() {
            buffer.put(line, at: rect.column, rect.row + row, limit: rect.columns)
        }
        ScrollBar(first: first, shown: rect.rows, count: lines.count).draw(rightOf: rect, on: &buffer, look)
    }
}

/// The mark on a pane's right border that shows the scroll position.
package struct ScrollBar {
    private let first: Int
    private let shown: Int
    private let count: Int

    package init(first: Int, shown: Int, count: Int) {
        self.first = first
        self.shown = shown
        self.count = count
    }

    package func draw(rightOf rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        guard count > shown, rect.rows > 1 else { return }
        let size = max(1, rect.rows * shown / count)
        let start = (rect.rows - size) * first / max(1, count - shown)
        for row in 0..<size { buffer.put(look.glyphs.thumb, at: rect.right, rect.row + start + row, look[.muted]) }
    }
}

extension CellBuffer {
    /// Puts a line of spans, and returns the column after it.
    @discardableResult
    package mutating func put(_ line: RichLine, at column: Int, _ row: Int, limit: Int = .max) -> Int {
        var x = column
        for span in line.spans {
            let room = limit == .max ? Int.max : limit - (x - column)
            if room <= 0 { break }
            x = put(span.text, at: x, row, span.style, limit: room)
        }
        return x
    }
}
