/// Rows, one of which is selected. The list scrolls so that the selected row stays visible.
package struct List {
    /// A row: its text, and a text at the right end.
    package struct Row {
        package var line: RichLine
        package var note: RichLine

        package init(_ line: RichLine, note: RichLine = RichLine([])) {
            self.line = line
            self.note = note
        }
    }

    private let rows: [Row]
    private let selection: Int?
    private let isFocused: Bool

    package init(_ rows: [Row], selection: Int?, isFocused: Bool = true) {
        self.rows = rows
        self.selection = selection
        self.isFocused = isFocused
    }

    /// The first visible row. If the list doesn't fit, the selected row is in the middle.
    package static func top(selection: Int, count: Int, rows: Int) -> Int {
        min(max(0, selection - rows / 2), max(0, count - rows))
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        let top = Self.top(selection: selection ?? 0, count: rows.count, rows: rect.rows)
        for (index, row) in rows.enumerated().dropFirst(top).prefix(rect.rows) {
            let y = rect.row + index - top
            let noteColumns = min(row.note.columns, rect.columns / 2)
            let room = rect.columns - noteColumns - (noteColumns > 0 ? 1 : 0)
            buffer.put(row.line.truncated(to: room, ellipsis: look.glyphs.ellipsis), at: rect.column, y)
            buffer.put(row.note.truncated(to: noteColumns, ellipsis: look.glyphs.ellipsis), at: rect.right - noteColumns, y)
            if index == selection {
                let line = Rect(column: rect.column, row: y, columns: rect.columns, rows: 1)
                buffer.cover(line, look[isFocused ? .selection : .selectionUnfocused])
            }
        }
        ScrollBar(first: top, shown: rect.rows, count: rows.count).draw(rightOf: rect, on: &buffer, look)
    }
}
