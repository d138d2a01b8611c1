/// The line above a pane, with its title. Panes share these lines and have no borders of their own.
package struct Rule {
    private let title: String
    private let notes: [String]
    private let isFocused: Bool

    /// `note` is at the right end, or `shorter` if there is no room for it.
    package init(_ title: String = "", note: String = "", shorter: String = "", isFocused: Bool = false) {
        self.title = title
        notes = [note, shorter].filter { !$0.isEmpty }
        self.isFocused = isFocused
    }

    /// Draws the line in the first row, and returns the rows below it.
    @discardableResult
    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) -> Rect {
        guard !rect.isEmpty else { return rect }
        let style = look[isFocused ? .borderFocused : .border]
        buffer.put(String(repeating: look.glyphs.horizontal, count: rect.columns), at: rect.column, rect.row, style)
        var room = rect.columns - 2
        // A mark also shows the focus, for terminals without colors.
        let mark = isFocused ? look.glyphs.running + " " : ""
        // A note gets what the title leaves, and half of the line if the title is long.
        let most = max(room / 2, room - CellWidth.of(mark + title) - 4) - 2
        if let note = notes.first(where: { CellWidth.of($0) < most }) {
            let noteColumns = CellWidth.of(note)
            room -= noteColumns + 3
            buffer.put(" \(note) ", at: rect.right - noteColumns - 3, rect.row, look[.muted])
        }
        if !title.isEmpty, room > 2 {
            let text = (mark + title).truncated(to: room - 2, ellipsis: look.glyphs.ellipsis)
            buffer.put(" \(text) ", at: rect.column + 1, rect.row, look[isFocused ? .borderFocused : .title])
        }
        return rect.split(top: 1).rest
    }
}

/// The lines between columns, and where they meet the panes' rules.
package struct Dividers {
    private let columns: [Int]
    private let rows: Range<Int>

    package init(_ columns: [Int], rows: Range<Int>) {
        self.columns = columns
        self.rows = rows
    }

    package func draw(on buffer: inout CellBuffer, _ look: Look) {
        let style = look[.border]
        for column in columns {
            for row in rows.dropFirst() { buffer.put(look.glyphs.vertical, at: column, row, style) }
            buffer.put(look.glyphs.junctionDown, at: column, rows.lowerBound, style)
        }
    }
}
