/// A box in the middle of the screen, with lines of text and the keys below them.
package struct Dialog {
    private let title: String
    private let lines: [RichLine]
    private let keys: [(key: String, label: String)]
    private let offset: Int

    package init(_ title: String, _ lines: [RichLine], keys: [(key: String, label: String)], offset: Int = 0) {
        self.title = title
        self.lines = lines
        self.keys = keys
        self.offset = offset
    }

    /// The dialog's rectangle on a screen of this size.
    package static func rect(_ size: Size, lines: Int, columns: Int) -> Rect {
        Rect(size).centered(Size(columns: min(columns + 4, size.columns), rows: min(lines + 4, size.rows)))
    }

    package func draw(on buffer: inout CellBuffer, columns: Int, _ look: Look) {
        let rect = Self.rect(buffer.size, lines: lines.count, columns: columns)
        buffer.clear(for: rect, look)
        let inside = Frame(title, isFocused: true).draw(in: rect, on: &buffer, look)
        let parts = inside.inset(columns: 1).split(bottom: 1)
        TextPane(lines, offset: offset).draw(in: parts.rest, on: &buffer, look)
        KeyBar(keys).draw(in: parts.bottom, on: &buffer, look)
    }
}

extension CellBuffer {
    /// A box this close to the edge of the screen gets all the space between.
    private static let margin = 3

    /// Clears the place of a box and a column beside it, so that no cut-off text touches its border.
    package mutating func clear(for box: Rect, _ look: Look) {
        let left = box.column <= Self.margin ? 0 : box.column - 1
        let right = size.columns - box.right <= Self.margin ? size.columns : box.right + 1
        fill(Rect(column: left, row: box.row, columns: right - left, rows: box.rows), look[.text])
    }
}
