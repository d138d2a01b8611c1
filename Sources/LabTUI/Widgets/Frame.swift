/// A border with a title. The caller draws the contents.
package struct Frame {
    private let title: String
    private let note: String
    private let isFocused: Bool

    /// `note` is at the right end of the upper border.
    package init(_ title: String, note: String = "", isFocused: Bool = false) {
        self.title = title
        self.note = note
        self.isFocused = isFocused
    }

    /// Draws the border and returns the rectangle inside.
    @discardableResult
    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) -> Rect {
        guard rect.columns >= 2, rect.rows >= 2 else { return rect }
        let style = look[isFocused ? .borderFocused : .border]
        let glyphs = look.glyphs
        let line = String(repeating: glyphs.horizontal, count: rect.columns - 2)
        buffer.put(glyphs.topLeft + line + glyphs.topRight, at: rect.column, rect.row, style)
        for row in rect.row + 1..<max(rect.row + 1, rect.bottom - 1) {
            buffer.put(glyphs.vertical, at: rect.column, row, style)
            buffer.put(glyphs.vertical, at: rect.right - 1, row, style)
        }
        buffer.put(glyphs.bottomLeft + line + glyphs.bottomRight, at: rect.column, rect.bottom - 1, style)
        label(in: rect, on: &buffer, look)
        return rect.inset(columns: 1, rows: 1)
    }

    private func label(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        var room = rect.columns - 4
        let noteColumns = CellWidth.of(note)
        // A mark also shows the focus, for terminals without colors.
        let mark = isFocused ? look.glyphs.running + " " : ""
        // A note gets what the title leaves, and half of the border if the title is long.
        if noteColumns > 0, noteColumns + 2 < max(room / 2, room - CellWidth.of(mark + title) - 4) {
            room -= noteColumns + 3
            buffer.put(" \(note) ", at: rect.right - noteColumns - 3, rect.row, look[.muted])
        }
        guard !title.isEmpty, room > 2 else { return }
        let text = (mark + title).truncated(to: room - 2, ellipsis: look.glyphs.ellipsis)
        buffer.put(" \(text) ", at: rect.column + 2, rect.row, look[isFocused ? .borderFocused : .title])
    }
}
