/// One character position. It's a plain value without references, so that frames can be compared as memory.
package struct Cell: Sendable, Equatable {
    /// The character and up to two combining marks. 0 means none.
    package var base: UInt32 = 0x20
    package var mark1: UInt32 = 0
    package var mark2: UInt32 = 0
    package var style = Style.plain
    /// The number of columns: 1, 2, or 0 for the second half of a wide character.
    package var width: UInt8 = 1

    package init(style: Style = .plain) { self.style = style }
}

/// A frame for the terminal. Widgets draw into it, and tests compare it.
package struct CellBuffer: Sendable, Equatable {
    package let size: Size
    package private(set) var cells: [Cell]
    /// The pictures that a terminal with graphics draws over the cells.
    package internal(set) var pictures: [PlacedPicture] = []

    package init(_ size: Size) {
        self.size = size
        cells = Array(repeating: Cell(), count: max(0, size.columns) * max(0, size.rows))
    }

    /// The cells of a row.
    package func row(_ row: Int) -> ArraySlice<Cell> { cells[row * size.columns..<(row + 1) * size.columns] }

    /// Puts at most `limit` columns of the text, and nothing beyond the right edge. Returns the column after it.
    @discardableResult
    package mutating func put(_ text: some StringProtocol, at column: Int, _ row: Int, _ style: Style = .plain, limit: Int = .max) -> Int {
        guard row >= 0, row < size.rows, limit > 0 else { return column }
        let edge = limit == .max ? size.columns : min(size.columns, column + limit)
        var x = column
        for scalar in text.unicodeScalars {
            guard var width = CellWidth.of(scalar) else {
                guard let stand = CellWidth.replacement(for: scalar) else { continue }
                if x + 1 > edge { break }
                set(stand, 1, x, row, style)
                x += 1
                continue
            }
            if width == 0 {
                if x > column { mark(scalar, x - 1, row) }
                continue
            }
            width = min(width, 2)
            if x + width > edge { break }
            set(scalar, width, x, row, style)
            x += width
        }
        return x
    }

    private mutating func set(_ scalar: Unicode.Scalar, _ width: Int, _ column: Int, _ row: Int, _ style: Style) {
        guard column >= 0, column + width <= size.columns else { return }
        separate(column, row)
        let index = row * size.columns + column
        var cell = Cell(style: style)
        cell.base = scalar.value
        cell.width = UInt8(width)
        cells[index] = cell
        guard width == 2 else { return }
        separate(column + 1, row)
        cell = Cell(style: style)
        cell.width = 0
        cells[index + 1] = cell
    }

    /// When one half of a wide character is overwritten, this puts a blank in the place of the other half.
    private mutating func separate(_ column: Int, _ row: Int) {
        let index = row * size.columns + column
        if cells[index].width == 0, column > 0, cells[index - 1].width == 2 { cells[index - 1] = Cell(style: cells[index - 1].style) }
        if cells[index].width == 2, column + 1 < size.columns { cells[index + 1] = Cell(style: cells[index + 1].style) }
    }

    private mutating func mark(_ scalar: Unicode.Scalar, _ column: Int, _ row: Int) {
        var index = row * size.columns + column
        guard column >= 0, column < size.columns else { return }
        if cells[index].width == 0, column > 0 { index -= 1 }
        if cells[index].mark1 == 0 {
            cells[index].mark1 = scalar.value
        } else if cells[index].mark2 == 0 {
            cells[index].mark2 = scalar.value
        }
    }

    /// Blanks a rectangle.
    package mutating func fill(_ rect: Rect, _ style: Style = .plain, with text: String = " ") {
        pictures.removeAll { $0.rect.intersects(rect) }
        for row in max(0, rect.row)..<max(0, rect.row, min(size.rows, rect.bottom)) {
            var column = max(0, rect.column)
            if text == " " {
                blank(column..<max(column, min(size.columns, rect.right)), row, style)
                continue
            }
            while column < min(size.columns, rect.right) {
                let next = put(text, at: column, row, style)
                if next == column { break }
                column = next
            }
        }
    }

    /// Blanks a part of a row.
    private mutating func blank(_ columns: Range<Int>, _ row: Int, _ style: Style) {
        guard !columns.isEmpty else { return }
        separate(columns.lowerBound, row)
        separate(columns.upperBound - 1, row)
        let blank = Cell(style: style)
        for index in columns.lowerBound + row * size.columns..<columns.upperBound + row * size.columns { cells[index] = blank }
    }

    /// Gives a rectangle one style, whatever its contents had, so that a selected row is one bar.
    package mutating func cover(_ rect: Rect, _ style: Style) {
        for row in max(0, rect.row)..<max(0, rect.row, min(size.rows, rect.bottom)) {
            for column in max(0, rect.column)..<max(0, rect.column, min(size.columns, rect.right)) {
                cells[row * size.columns + column].style = style
            }
        }
    }

    /// Puts colors below everything that has none of its own. Without this, a theme with a background has holes.
    package mutating func underlay(_ ground: Style) {
        guard ground != .plain else { return }
        for index in cells.indices { cells[index].style = Style(ground.foreground, on: ground.background).with(cells[index].style) }
    }
}
