package import LabSupport
import Telemetry

/// All measurements: a sentence that interprets them, curves over one time axis with the lab's events, and tables. `ailab top` and the
/// walkthrough's tab both use it.
package struct TelemetryView {
    private let history: TelemetryHistory
    private let look: Look
    private let language: Language
    private let offset: Int
    private let span: Double

    /// `offset` is the first row of the tables to show, and `span` the seconds that the curves show.
    package init(_ history: TelemetryHistory, _ look: Look, _ language: Language, offset: Int = 0, span: Double = 120) {
        self.history = history
        self.look = look
        self.language = language
        self.offset = offset
        self.span = span
    }

    private func say(_ text: Text) -> String { text[language] }

    package func draw(in rect: Rect, on buffer: inout CellBuffer) {
        guard let now = history.last else {
            return TextPane([RichLine(say(TelemetryWords.measuring), look[.muted])]).draw(in: rect, on: &buffer, look)
        }
        let head = head(now, columns: rect.columns)
        TextPane(head).draw(in: rect, on: &buffer, look)
        let rest = rect.split(top: head.count).rest
        let meters = TelemetryMeters(history, since: now.time - span, language, look.glyphs).all
        let grid = Grid(rest, count: meters.count)
        let tables = TelemetryTables(now, look, language).lines(columns: rect.columns)
        // If charts would leave quantities or tables out, one line for each quantity shows more.
        let isSmall =
            rect.rows < 16 || rect.columns < 60 || grid.count < min(meters.count, Self.fewest)
            || grid.downs * grid.height + 2 + min(tables.count, Self.tableRows) > rest.rows
        let curves = isSmall ? lines(meters, in: rest, now.time, on: &buffer) : charts(meters, grid, in: rest, now.time, on: &buffer)
        TextPane(tables, offset: offset).draw(in: rest.split(top: curves).rest, on: &buffer, look)
    }

    /// The rows of the tables, for scrolling.
    package func tableLines(columns: Int) -> [RichLine] {
        history.last.map { TelemetryTables($0, look, language).lines(columns: columns) } ?? []
    }

    /// If fewer charts than this fit, none are drawn.
    private static let fewest = 6
    /// How many rows of the tables must be visible below charts.
    private static let tableRows = 14

    /// The arrangement of the charts.
    private struct Grid {
        let across: Int
        let downs: Int
        let height: Int
        let width: Int

        /// How many charts fit.
        var count: Int { across * downs }

        init(_ rect: Rect, count: Int) {
            across = rect.columns >= 100 && count > 3 ? 3 : 2
            let available = max(3, rect.rows * 3 / 5 - 2)
            var downs = (count + across - 1) / across
            while downs > 1, available / downs < 4 { downs -= 1 }
            self.downs = downs
            height = min(7, max(3, available / max(1, downs)))
            width = (rect.columns - 2 * (across - 1)) / across
        }
    }

    /// The sentence, and then what is missing and why.
    private func head(_ now: TelemetrySample, columns: Int) -> [RichLine] {
        var lines: [RichLine] = []
        if let insight = now.insight { lines += RichLine(say(insight), look[.strong]).wrapped(to: columns) }
        if let absence = now.gpu.absence, now.gpu.forTraining.isEmpty {
            lines += RichLine("\(say(TelemetryWords.gpu))\(say(absence.reason.followed(by: absence.hint)))", look[.muted]).wrapped(
                to: columns)
        }
        if !now.late.isEmpty {
            lines.append(RichLine(say(TelemetryWords.late) + say(Text.words(now.late)), look[.warning]))
        }
        return lines
    }

    private func chart(_ meter: TelemetryMeters.Meter, _ now: Double) -> TimeChart {
        TimeChart(
            meter.title, value: meter.value, role: meter.role, points: meter.points, top: meter.top, range: (now - span)...now,
            marks: history.marks.elements.filter { $0.kind != .container }.map(\.time), hold: max(2.5, history.interval * 2.5))
    }

    /// One line for each quantity, on small screens. Returns the number of used rows.
    private func lines(_ meters: [TelemetryMeters.Meter], in rect: Rect, _ now: Double, on buffer: inout CellBuffer) -> Int {
        // Leave space for the table of containers, because it says more than the last curves.
        // A cluster's queue says even more.
        let most = history.last?.schedulers.isEmpty == false ? rect.rows / 3 : rect.rows * 2 / 3
        let shown = meters.prefix(max(1, min(meters.count, most)))
        let title = shown.map { CellWidth.of($0.title) }.max() ?? 0
        let value = min(shown.map { CellWidth.of($0.value) }.max() ?? 0, max(6, rect.columns - title - 10))
        let lines = shown.map { chart($0, now).line(columns: rect.columns, title: title, value: value, look) }
        TextPane(lines).draw(in: rect, on: &buffer, look)
        guard rect.rows >= lines.count + 6 else { return lines.count + (lines.count < rect.rows ? 1 : 0) }
        let start = title + 1
        axis(
            in: Rect(column: rect.column, row: rect.row + lines.count, columns: rect.columns, rows: 1), start,
            rect.columns - start - value - 2, now, on: &buffer)
        return lines.count + 2
    }

    /// Charts side by side over one axis, which is below them. Returns the number of used rows.
    private func charts(
        _ meters: [TelemetryMeters.Meter], _ grid: Grid, in rect: Rect, _ now: Double, on buffer: inout CellBuffer
    ) -> Int {
        for (index, meter) in meters.prefix(grid.count).enumerated() {
            let place = Rect(
                column: rect.column + index % grid.across * (grid.width + 2), row: rect.row + index / grid.across * grid.height,
                columns: grid.width, rows: grid.height - (grid.height > 4 ? 1 : 0))
            chart(meter, now).draw(in: place, on: &buffer, look)
        }
        let used = grid.downs * grid.height
        axis(in: Rect(column: rect.column, row: rect.row + used, columns: rect.columns, rows: 1), 0, grid.width, now, on: &buffer)
        return used + 2
    }

    /// The axis `-2:00 … now` below the curves, which begin `start` columns from the left. If there is room, the last event follows.
    private func axis(in rect: Rect, _ start: Int, _ width: Int, _ now: Double, on buffer: inout CellBuffer) {
        let right = language == .zh ? "现在" : "now"
        let left = "-" + Phrase.clock(span)
        if CellWidth.of(left) + CellWidth.of(right) < width { buffer.put(left, at: rect.column + start, rect.row, look[.muted]) }
        buffer.put(right, at: rect.column + start + width - CellWidth.of(right), rect.row, look[.muted])
        let after = rect.columns - start - width - 2
        let (place, room) = after > start ? (start + width + 2, after) : (0, start - 2)
        guard room > 20 else { return }
        let events = history.marks.suffix(8).reversed().filter { now - $0.time <= span }.map { mark in
            "-\(Phrase.clock(now - mark.time)) \(say(mark.text))"
        }
        guard !events.isEmpty else { return }
        let text = say(TelemetryWords.events) + say(Text.words(events))
        buffer.put(text.truncated(to: room, ellipsis: look.glyphs.ellipsis), at: rect.column + place, rect.row, look[.muted])
    }
}
