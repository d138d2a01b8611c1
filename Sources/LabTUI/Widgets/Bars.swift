import LabSupport

/// Named shares as bars, one below the other, such as a model's top five answers.
package struct Bars {
    private let rows: [(name: String, share: Double, role: Role)]

    package init(_ rows: [(name: String, share: Double, role: Role)]) { self.rows = rows }

    package func lines(columns: Int, _ look: Look) -> [RichLine] {
        let widest = rows.map { CellWidth.of($0.name) }.max() ?? 0
        let name = min(widest, max(4, columns / 3))
        let bar = max(4, min(30, columns - name - 8))
        return rows.map { row in
            let percent = ShownNumber.percent(share: row.share)
            return RichLine(
                [Span(row.name.padded(to: name, ellipsis: look.glyphs.ellipsis), look[row.role]), Span(" ")]
                    + Gauge(row.share).spans(columns: bar, look)
                    + [Span(String(repeating: " ", count: max(1, 6 - percent.count)) + percent, look[row.role])])
        }
    }
}
