/// A curve in braille dots, or in asterisks if the terminal has no braille.
package struct Chart {
    /// One curve.
    package struct Series {
        package var name: String
        package var role: Role
        package var points: [(x: Double, y: Double)]

        package init(_ name: String, _ role: Role, _ points: [(x: Double, y: Double)]) {
            self.name = name
            self.role = role
            self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
        }
    }

    private let series: Series
    private let low: Double
    private let high: Double
    private let label: (Double) -> String

    /// The axis begins at `floor` or below. `label` formats a value of the axis.
    package init(_ series: Series, floor: Double? = nil, label: @escaping (Double) -> String) {
        self.series = series
        self.label = label
        let values = series.points.map(\.y)
        let minimum = min(values.min() ?? 0, floor ?? .infinity)
        let maximum = values.max() ?? 1
        low = minimum
        high = maximum > minimum ? maximum : minimum + 1
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        guard rect.rows >= 3, rect.columns >= 16 else { return }
        buffer.put(series.name, at: rect.column, rect.row, look[.strong], limit: rect.columns)
        if let last = series.points.last {
            let text = label(last.y)
            buffer.put(text, at: rect.right - CellWidth.of(text), rect.row, look[series.role])
        }
        let axis = max(CellWidth.of(label(high)), CellWidth.of(label(low)))
        let body = rect.split(top: 1).rest
        let plot = body.split(left: axis + 1).rest
        buffer.put(label(high), at: body.column + axis - CellWidth.of(label(high)), body.row, look[.muted])
        buffer.put(label(low), at: body.column + axis - CellWidth.of(label(low)), body.bottom - 1, look[.muted])
        for row in body.row..<body.bottom { buffer.put(look.glyphs.vertical, at: plot.column - 1, row, look[.border]) }
        dots(in: plot, on: &buffer, look)
    }

    private func dots(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        let fine = look.glyphs.isUnicode
        let width = rect.columns * (fine ? 2 : 1)
        let height = rect.rows * (fine ? 4 : 1)
        var grid = [UInt8](repeating: 0, count: rect.columns * rect.rows)
        let heights = levels(width: width, height: height)
        for (x, range) in heights.enumerated() {
            guard let range else { continue }
            for y in range {
                let row = height - 1 - y
                let cell = (row / (fine ? 4 : 1)) * rect.columns + x / (fine ? 2 : 1)
                grid[cell] |= fine ? Self.dot(x % 2, row % 4) : 1
            }
        }
        for (index, bits) in grid.enumerated() where bits != 0 {
            let scalar = fine ? Unicode.Scalar(0x2800 + UInt32(bits)) : "*"
            buffer.put(String(scalar ?? "*"), at: rect.column + index % rect.columns, rect.row + index / rect.columns, look[series.role])
        }
    }

    /// For each column of dots, the dots that the curve covers, so that steep parts have no gaps.
    private func levels(width: Int, height: Int) -> [ClosedRange<Int>?] {
        guard let first = series.points.first?.x, let last = series.points.last?.x else { return [] }
        let span = max(last - first, 1e-9)
        var columns: [ClosedRange<Int>?] = Array(repeating: nil, count: width)
        var before: (x: Int, y: Int)?
        for point in series.points {
            let x = min(width - 1, max(0, Int((point.x - first) / span * Double(width - 1) + 0.5)))
            let y = min(height - 1, max(0, Int((point.y - low) / (high - low) * Double(height - 1) + 0.5)))
            let start = before ?? (x, y)
            for column in min(start.x, x)...max(start.x, x) {
                let share = x == start.x ? 1 : Double(column - start.x) / Double(x - start.x)
                let level = start.y + Int((Double(y - start.y) * share).rounded())
                let old = columns[column] ?? level...level
                columns[column] = min(old.lowerBound, level)...max(old.upperBound, level)
            }
            before = (x, y)
        }
        return columns
    }

    private static func dot(_ x: Int, _ y: Int) -> UInt8 { [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]][x][y] }
}
