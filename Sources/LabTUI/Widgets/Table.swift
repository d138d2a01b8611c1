/// Columns of text, each as wide as its widest cell. The last column takes the remaining space.
package struct Table {
    private let rows: [[RichLine]]
    private let gap: Int

    package init(_ rows: [[RichLine]], gap: Int = 2) {
        self.rows = rows
        self.gap = gap
    }

    /// The narrowest last column in which text is wrapped.
    private static let wrappedColumns = 12

    /// The table as lines with a maximum number of columns. What doesn't fit is cut off. With `wrapsLast`, the last column goes on below, if
    /// there's room for it.
    package func lines(columns: Int, ellipsis: String = "…", wrapsLast: Bool = false) -> [RichLine] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].columns : 0 }.max() ?? 0 }
        let last = widths.dropLast().reduce(0) { $0 + $1 + gap }
        return rows.flatMap { cells -> [RichLine] in
            var spans: [Span] = []
            for (column, cell) in cells.enumerated() {
                spans += cell.spans
                let fill = widths[column] - cell.columns + gap
                if column + 1 < cells.count { spans.append(Span(String(repeating: " ", count: max(0, fill)))) }
            }
            guard wrapsLast, columns - last >= Self.wrappedColumns else {
                return [RichLine(spans).truncated(to: columns, ellipsis: ellipsis)]
            }
            return RichLine(spans, hanging: last).wrapped(to: columns)
        }
    }
}
