import LabSupport

/// A value over a time axis that several charts share: an area of dots, with the present at the right and marks as dotted lines.
package struct TimeChart {
    private let title: String
    private let value: String
    private let role: Role
    private let points: [(x: Double, y: Double)]
    private let top: Double
    private let range: ClosedRange<Double>
    private let marks: [Double]
    /// How long a value stays valid. A longer pause is a gap.
    private let hold: Double

    /// The upper edge is `top`, and the lower edge is 0. `range` is the visible time, and `marks` are the times to mark.
    package init(
        _ title: String, value: String, role: Role, points: [(x: Double, y: Double)], top: Double, range: ClosedRange<Double>,
        marks: [Double] = [], hold: Double
    ) {
        self.title = title
        self.value = value
        self.role = role
        self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
        self.top = top > 0 ? top : 1
        self.range = range
        self.marks = marks
        self.hold = hold
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        guard rect.rows >= 1, rect.columns >= 8 else { return }
        let next = buffer.put(title, at: rect.column, rect.row, look[.strong], limit: rect.columns)
        let room = rect.right - next - 1
        let shown = value.truncated(to: max(0, room), ellipsis: look.glyphs.ellipsis)
        buffer.put(shown, at: rect.right - CellWidth.of(shown), rect.row, look[role])
        let plot = rect.split(top: 1).rest
        guard !plot.isEmpty else { return }
        for row in plot.row..<plot.bottom { buffer.put(look.glyphs.isUnicode ? "│" : "|", at: plot.column, row, look[.border]) }
        let body = plot.split(left: 1).rest
        drawMarks(in: body, on: &buffer, look)
        if look.glyphs.isUnicode { dots(in: body, on: &buffer, look) } else { bars(in: body, on: &buffer, look) }
    }

    /// The chart as one line: the title, the value, and a row of bars.
    package func line(columns: Int, title titleColumns: Int, value valueColumns: Int, _ look: Look) -> RichLine {
        let room = columns - titleColumns - valueColumns - 3
        let spark = room >= 6 ? sparkline(columns: room, look) : ""
        return RichLine([
            Span(title.padded(to: titleColumns) + " ", look[.strong]), Span(spark, look[role]), Span("  " + value.padded(to: valueColumns)),
        ]).truncated(to: columns, ellipsis: look.glyphs.ellipsis)
    }

    private func drawMarks(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        for mark in marks where range.contains(mark) {
            let column = rect.column + Int(shown: (mark - range.lowerBound) / width * Double(max(1, rect.columns - 1)))
            for row in rect.row..<rect.bottom { buffer.put(look.glyphs.isUnicode ? "┊" : ":", at: column, row, look[.muted]) }
        }
    }

    private var width: Double { max(1e-9, range.upperBound - range.lowerBound) }

    /// The maximum of each slice of the time, 0…1. Nil in gaps.
    private func shares(_ count: Int) -> [Double?] {
        guard count > 0 else { return [] }
        var result = [Double?](repeating: nil, count: count)
        var index = 0
        var last: (x: Double, y: Double)?
        for column in 0..<count {
            let end = range.lowerBound + width * Double(column + 1) / Double(count)
            var maximum: Double?
            while index < points.count, points[index].x <= end {
                last = points[index]
                maximum = max(maximum ?? -.infinity, points[index].y)
                index += 1
            }
            if maximum == nil, let last, end - last.x <= hold { maximum = last.y }
            result[column] = maximum.map { min(1, max(0, $0 / top)) }
        }
        return result
    }

    private func dots(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        let shares = shares(rect.columns * 2)
        for column in 0..<rect.columns {
            let heights = [shares[2 * column], shares[2 * column + 1]].map { Self.level($0, of: rect.rows * 4) }
            for row in 0..<rect.rows {
                let below = (rect.rows - 1 - row) * 4
                var bits: UInt8 = 0
                for (side, height) in heights.enumerated() {
                    for dot in 0..<min(4, max(0, height - below)) { bits |= Self.bit(side, dot) }
                }
                guard bits != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(bits)) else { continue }
                buffer.put(String(Character(scalar)), at: rect.column + column, rect.row + row, look[role])
            }
        }
    }

    private func bars(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        for (column, share) in shares(rect.columns).enumerated() {
            let height = Self.level(share, of: rect.rows * 2)
            for row in 0..<rect.rows {
                let filled = height - (rect.rows - 1 - row) * 2
                guard filled > 0 else { continue }
                buffer.put(filled > 1 ? "#" : "_", at: rect.column + column, rect.row + row, look[role])
            }
        }
    }

    private func sparkline(columns: Int, _ look: Look) -> String {
        let levels = Array(look.glyphs.isUnicode ? "▁▂▃▄▅▆▇█" : "_.-=+*%#")
        return String(shares(columns).map { share in share.map { levels[min(levels.count - 1, Int($0 * Double(levels.count)))] } ?? " " })
    }

    /// The number of dots for a share. Even the smallest value gets one dot.
    private static func level(_ share: Double?, of maximum: Int) -> Int {
        guard let share else { return 0 }
        return max(1, Int((share * Double(maximum)).rounded()))
    }

    /// The braille dots, from bottom to top.
    private static func bit(_ side: Int, _ dot: Int) -> UInt8 { [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]][side][dot] }
}
