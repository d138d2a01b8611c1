/// A size in columns and rows.
package struct Size: Sendable, Equatable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// A part of the screen. Its size is never negative: a part that doesn't fit is empty.
package struct Rect: Sendable, Equatable {
    package var column: Int
    package var row: Int
    package var columns: Int
    package var rows: Int

    package init(column: Int, row: Int, columns: Int, rows: Int) {
        self.column = column
        self.row = row
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }

    package init(_ size: Size) { self.init(column: 0, row: 0, columns: size.columns, rows: size.rows) }

    package var isEmpty: Bool { columns == 0 || rows == 0 }
    /// The row below the last row.
    package var bottom: Int { row + rows }
    /// The column to the right of the last column.
    package var right: Int { column + columns }

    /// The rectangle, smaller by a number of columns and rows on each side.
    package func inset(columns dx: Int = 0, rows dy: Int = 0) -> Rect {
        Rect(column: column + dx, row: row + dy, columns: columns - 2 * dx, rows: rows - 2 * dy)
    }

    /// Splits it into the upper `rows` and the rest.
    package func split(top count: Int) -> (top: Rect, rest: Rect) {
        let count = min(max(0, count), rows)
        return (
            Rect(column: column, row: row, columns: columns, rows: count),
            Rect(column: column, row: row + count, columns: columns, rows: rows - count)
        )
    }

    /// Splits it into the rest and the lower `rows`.
    package func split(bottom count: Int) -> (rest: Rect, bottom: Rect) {
        let parts = split(top: rows - min(max(0, count), rows))
        return (parts.top, parts.rest)
    }

    /// Splits it into the left `columns` and the rest.
    package func split(left count: Int) -> (left: Rect, rest: Rect) {
        let count = min(max(0, count), columns)
        return (
            Rect(column: column, row: row, columns: count, rows: rows),
            Rect(column: column + count, row: row, columns: columns - count, rows: rows)
        )
    }

    /// A rectangle of a given size in the middle, cut off at the edges of this one.
    package func centered(_ size: Size) -> Rect {
        let width = min(size.columns, columns)
        let height = min(size.rows, rows)
        return Rect(column: column + (columns - width) / 2, row: row + (rows - height) / 2, columns: width, rows: height)
    }

    /// Whether a cell is inside.
    package func contains(column x: Int, row y: Int) -> Bool { x >= column && x < right && y >= row && y < bottom }
}
