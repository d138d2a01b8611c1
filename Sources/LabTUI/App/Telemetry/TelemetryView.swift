package import LabEngine

/// Everything that is measured: the sentence that interprets, curves over one time axis with the lab's events, and the tables. The
/// same in `ailab top` and in the walkthrough's tab.
package struct TelemetryView {
    private let history: TelemetryHistory
    private let look: Look
    private let language: Language
    private let offset: Int
    private let span: Double

    /// `offset` is the first row of the tables that is wanted on top, `span` the seconds that the curves show.
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
        let curves = isSmall(rect) ? lines(meters, in: rest, on: &buffer) : charts(meters, in: rest, now.time, on: &buffer)
        let tables = TelemetryTables(now, look, language).lines(columns: rect.columns)
        TextPane(tables, offset: offset).draw(in: rest.split(top: curves).rest, on: &buffer, look)
    }

    /// The rows of the tables, for scrolling.
    package func tableLines(columns: Int) -> [RichLine] {
        history.last.map { TelemetryTables($0, look, language).lines(columns: columns) } ?? []
    }

    private func isSmall(_ rect: Rect) -> Bool { rect.rows < 16 || rect.columns < 60 }

    /// The sentence; then what is missing, with its reason.
    private func head(_ now: TelemetrySample, columns: Int) -> [RichLine] {
        var lines: [RichLine] = []
        if let insight = now.insight { lines += RichLine(say(insight), look[.strong]).wrapped(to: columns) }
        if let absence = now.gpu.absence, now.gpu.forTraining.isEmpty {
            let hint = absence.hint.map { " " + say($0) } ?? ""
            lines += RichLine("GPU: \(say(absence.reason))\(hint)", look[.muted]).wrapped(to: columns)
        }
        if !now.late.isEmpty {
            lines.append(RichLine("\(say(TelemetryWords.late)) \(now.late.joined(separator: ", "))", look[.warning]))
        }
        return lines
    }

    private func chart(_ meter: TelemetryMeters.Meter, _ now: Double) -> TimeChart {
        TimeChart(
            meter.title, value: meter.value, role: meter.role, points: meter.points, top: meter.top, range: (now - span)...now,
            marks: history.marks.elements.filter { $0.kind != .container }.map(\.time), hold: max(2.5, history.interval * 2.5))
    }

    /// A line a quantity, on screens without room for more. Returns the rows that were used.
    private func lines(_ meters: [TelemetryMeters.Meter], in rect: Rect, on buffer: inout CellBuffer) -> Int {
        let now = history.last?.time ?? 0
        // The table of containers is worth more than the last of the curves.
        let shown = meters.prefix(max(1, min(meters.count, rect.rows * 2 / 3)))
        let title = shown.map { CellWidth.of($0.title) }.max() ?? 0
        let value = min(shown.map { CellWidth.of($0.value) }.max() ?? 0, max(6, rect.columns - title - 10))
        let lines = shown.map { chart($0, now).line(columns: rect.columns, title: title, value: value, look) }
        TextPane(lines).draw(in: rect, on: &buffer, look)
        return lines.count + (lines.count < rect.rows ? 1 : 0)
    }

    /// Charts side by side over one axis, which is written below them. Returns the rows that were used.
    private func charts(_ meters: [TelemetryMeters.Meter], in rect: Rect, _ now: Double, on buffer: inout CellBuffer) -> Int {
        let across = rect.columns >= 100 && meters.count > 3 ? 3 : 2
        let most = max(3, rect.rows * 3 / 5 - 2)
        var downs = (meters.count + across - 1) / across
        while downs > 1, most / downs < 4 { downs -= 1 }
        let height = min(7, max(3, most / downs))
        let width = (rect.columns - 2 * (across - 1)) / across
        for (index, meter) in meters.prefix(across * downs).enumerated() {
            let place = Rect(
                column: rect.column + index % across * (width + 2), row: rect.row + index / across * height, columns: width,
                rows: height - (height > 4 ? 1 : 0))
            chart(meter, now).draw(in: place, on: &buffer, look)
        }
        let axisRow = rect.row + downs * height
        axis(in: Rect(column: rect.column, row: axisRow, columns: rect.columns, rows: 1), width: width, now, on: &buffer)
        return downs * height + 2
    }

    /// `-2:00 … now` below the first chart, and what happened last, beside it.
    private func axis(in rect: Rect, width: Int, _ now: Double, on buffer: inout CellBuffer) {
        let right = language == .zh ? "现在" : "now"
        buffer.put("-" + Phrase.clock(span), at: rect.column, rect.row, look[.muted])
        buffer.put(right, at: rect.column + width - CellWidth.of(right), rect.row, look[.muted])
        let room = rect.columns - width - 2
        guard room > 20 else { return }
        let events = history.marks.suffix(8).reversed().filter { now - $0.time <= span }.map { mark in
            "-\(Phrase.clock(now - mark.time)) \(say(mark.text))"
        }
        guard !events.isEmpty else { return }
        let text = say(TelemetryWords.events) + events.joined(separator: say(TelemetryWords.comma))
        buffer.put(text.truncated(to: room, ellipsis: look.glyphs.ellipsis), at: rect.column + width + 2, rect.row, look[.muted])
    }
}
