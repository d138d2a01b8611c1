import LabSupport

/// A curve with its axes, in braille dots, or in asterisks if the terminal has no braille.
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

    /// A place on the x axis, such as the end of an epoch.
    package struct Mark {
        package var x: Double
        package var label: String

        package init(_ x: Double, _ label: String) {
            self.x = x
            self.label = label
        }
    }

    /// The x axis: its unit, its marks, and where it ends if more is to come.
    package struct Axis {
        package var unit: String
        package var marks: [Mark]
        package var range: ClosedRange<Double>?

        package init(_ unit: String, marks: [Mark] = [], range: ClosedRange<Double>? = nil) {
            self.unit = unit
            self.marks = marks
            self.range = range
        }
    }

    private let series: Series
    private let scale: ChartScale
    private let axis: Axis?
    private let label: (Double) -> String

    /// `label` formats a value of the y axis.
    package init(_ series: Series, scale: ChartScale, axis: Axis? = nil, label: @escaping (Double) -> String) {
        self.series = series
        self.scale = scale
        self.axis = axis
        self.label = label
    }

    /// Fewer points than this are dots. A line through two points would say more than anyone measured.
    private static let fewest = 3

    private var range: (low: Double, span: Double) {
        let low = axis?.range?.lowerBound ?? series.points.first?.x ?? 0
        let high = axis?.range?.upperBound ?? series.points.last?.x ?? 1
        return (low, max(high - low, 1e-9))
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        guard rect.rows >= 3, rect.columns >= 16 else { return }
        let last = series.points.last.map { label($0.y) } ?? ""
        buffer.put(series.name, at: rect.column, rect.row, look[.strong], limit: rect.columns - CellWidth.of(last) - 1)
        buffer.put(last, at: rect.right - CellWidth.of(last), rect.row, look[series.role])
        let below = axis != nil && rect.rows >= 5 ? 1 : 0
        let parts = rect.split(top: 1).rest.split(bottom: below)
        let body = parts.rest
        let ticks = scale.ticks(rows: body.rows).map { (row: body.bottom - 1 - $0.row, text: tick($0.value)) }
        let width = max(ticks.map { CellWidth.of($0.text) }.max() ?? 0, below > 0 ? CellWidth.of(axis?.unit ?? "") : 0)
        let plot = body.split(left: width + 1).rest
        for row in body.row..<body.bottom { buffer.put(look.glyphs.vertical, at: plot.column - 1, row, look[.border]) }
        for tick in ticks { buffer.put(tick.text, at: plot.column - 1 - CellWidth.of(tick.text), tick.row, look[.muted]) }
        if below > 0 { drawAxis(below: plot, on: &buffer, look) }
        if series.points.count < Self.fewest { points(in: plot, on: &buffer, look) } else { dots(in: plot, on: &buffer, look) }
    }

    /// Between decades, `0.10` would claim a precision that the axis doesn't have.
    private func tick(_ value: Double) -> String {
        var text = label(value)
        guard scale.isLogarithmic, value != scale.high, text.contains(".") else { return text }
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    private func column(_ x: Double, _ width: Int) -> Int {
        min(width - 1, max(0, Int(shown: (x - range.low) / range.span * Double(width - 1) + 0.5)))
    }

    /// The unit, and right of it the marks with their labels as far as they fit.
    private func drawAxis(below plot: Rect, on buffer: inout CellBuffer, _ look: Look) {
        guard let axis else { return }
        buffer.put(axis.unit, at: plot.column - 1 - CellWidth.of(axis.unit), plot.bottom, look[.muted])
        var free = plot.column - 1
        for mark in axis.marks {
            let place = plot.column + column(mark.x, plot.columns)
            for row in plot.row..<plot.bottom { buffer.put(look.glyphs.isUnicode ? "┊" : ":", at: place, row, look[.border]) }
            let width = CellWidth.of(mark.label)
            let start = min(max(plot.column, place - width / 2), plot.right - width)
            guard start > free else { continue }
            buffer.put(mark.label, at: start, plot.bottom, look[.muted])
            free = start + width
        }
    }

    private func points(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        for point in series.points {
            let row = rect.bottom - 1 - Int((scale.share(point.y) * Double(rect.rows - 1)).rounded())
            buffer.put(look.glyphs.isUnicode ? "●" : "*", at: rect.column + column(point.x, rect.columns), row, look[series.role])
        }
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
        var columns: [ClosedRange<Int>?] = Array(repeating: nil, count: width)
        var before: (x: Int, y: Int)?
        for point in series.points {
            let x = column(point.x, width)
            let y = Int((scale.share(point.y) * Double(height - 1)).rounded())
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
