import LabFile
package import LabRunner
import LabSupport

/// Progress, curves and predictions of a task. It takes at most half of the pane.
package struct Insight {
    private let record: TaskRecord?
    private let model: AppModel

    package init(_ record: TaskRecord?, _ model: AppModel) {
        self.record = record
        self.model = model
    }

    private static let chartRows = 8

    private var curves: [Chart] {
        guard let record else { return [] }
        var charts: [Chart] = []
        if let loss = record.metrics["loss"], loss.count > 1 {
            let points = loss.map { ($0.x, $0.value) }
            charts.append(Chart(.init(model.say(.loss), .plot1, points), floor: 0) { ShownNumber.fixed($0, 2) })
        }
        if let accuracy = record.metrics["accuracy"] ?? record.metrics["test_accuracy"], accuracy.count > 1 {
            let points = accuracy.map { ($0.x, $0.value) }
            charts.append(Chart(.init(model.say(.accuracy), .plot2, points)) { ShownNumber.percent(share: $0, 1) })
        }
        return charts
    }

    /// How many rows it takes in this pane.
    package func rows(in rect: Rect) -> Int {
        let most = model.walkthrough.isZoomed ? rect.rows * 2 / 3 : rect.rows / 2
        var rows = gauges(columns: rect.columns).count
        if !curves.isEmpty, rows + 4 <= most { rows += min(Self.chartRows, most - rows) }
        let view = PredictionView(record?.predictions ?? [], model)
        return min(most, rows + view.rows(columns: rect.columns, most: max(0, most - rows)))
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer) {
        let lines = gauges(columns: rect.columns)
        TextPane(lines).draw(in: rect, on: &buffer, model.look)
        var rest = rect.split(top: lines.count).rest
        let charts = curves
        if !charts.isEmpty, rest.rows >= 4 {
            let parts = rest.split(top: min(Self.chartRows, rest.rows))
            let width = (rest.columns - 2 * (charts.count - 1)) / charts.count
            for (index, chart) in charts.enumerated() {
                let column = rest.column + index * (width + 2)
                chart.draw(
                    in: Rect(column: column, row: rest.row, columns: width, rows: parts.top.rows), on: &buffer, model.look)
            }
            rest = parts.rest
        }
        PredictionView(record?.predictions ?? [], model).draw(in: rest, on: &buffer)
    }

    /// A progress bar for each quantity that is still being counted.
    private func gauges(columns: Int) -> [RichLine] {
        guard let record, record.end == nil, record.began != nil else { return [] }
        let open = record.progress.filter { progress in progress.total.map { progress.done < $0 } ?? true }
        return (open.isEmpty ? Array(record.progress.suffix(1)) : Array(open.suffix(4))).map { progress in
            let text = model.say(Phrase.stepHeading(progress))
            guard let total = progress.total, total > 0 else { return RichLine(text).truncated(to: columns) }
            let bar = max(10, min(30, columns / 3))
            let share = progress.done / total
            let percent = " \(ShownNumber.percent(share: min(1, max(0, share))))".padded(to: 7)
            return RichLine(Gauge(share).spans(columns: bar, model.look) + [Span(percent, model.look[.muted]), Span(text)]).truncated(
                to: columns)
        }
    }
}

/// A model's predictions, beside the pictures.
struct PredictionView {
    private let predictions: [Prediction]
    private let model: AppModel

    init(_ predictions: [Prediction], _ model: AppModel) {
        // A check predicts the same pictures as the action before it. Only the last prediction of each counts.
        var seen: Set<[String]> = []
        self.predictions = predictions.reversed().filter { seen.insert([$0.model, $0.picture]).inserted }.reversed()
        self.model = model
    }

    private static let tile = (columns: 16, rows: 9)
    /// The maximum number of rows for a single picture.
    private static let singleRows = 12

    private func picture(_ prediction: Prediction) -> Picture? {
        let directory = model.lab.spec?.directory ?? ""
        return model.lab.pictures["\(directory)/\(prediction.picture)"]
    }

    private func tilesPerRow(_ columns: Int) -> Int { max(1, columns / Self.tile.columns) }

    private var shown: [Prediction] { predictions.suffix(20) }

    func rows(columns: Int, most: Int) -> Int {
        guard let last = predictions.last else { return 0 }
        if predictions.count == 1 {
            let picture = single(last, columns: columns, rows: min(most, Self.singleRows))
            return min(most, max(last.top.count + 2, picture.map { $0.rows + 1 } ?? 0))
        }
        let tiles = (shown.count + tilesPerRow(columns) - 1) / tilesPerRow(columns)
        let wanted = 1 + tiles * Self.tile.rows
        return wanted <= most ? wanted : most >= Self.tile.rows + 1 ? Self.tile.rows + 1 : min(most, 3)
    }

    func draw(in rect: Rect, on buffer: inout CellBuffer) {
        guard let last = predictions.last, rect.rows > 0 else { return }
        if predictions.count == 1 { return single(last, rect, on: &buffer) }
        let right = predictions.count { $0.right }
        let head = model.say(Phrase.rightOf(right, predictions.count).labelled(model.say(.prediction)))
        buffer.put(head, at: rect.column, rect.row, model.look[.strong], limit: rect.columns)
        let rest = rect.split(top: 1).rest
        if rest.rows < Self.tile.rows { return marks(rest, on: &buffer) }
        let perRow = tilesPerRow(rest.columns)
        let fitting = perRow * (rest.rows / Self.tile.rows)
        for (index, prediction) in shown.suffix(fitting).enumerated() {
            let place = Rect(
                column: rest.column + index % perRow * Self.tile.columns, row: rest.row + index / perRow * Self.tile.rows,
                columns: Self.tile.columns - 2, rows: Self.tile.rows)
            tile(prediction, place, on: &buffer)
        }
    }

    private func mark(_ prediction: Prediction) -> Span {
        let glyphs = model.look.glyphs
        let word = model.say(prediction.right ? .wasRight : .wasWrong)
        return Span("\(prediction.right ? glyphs.done : glyphs.failed) \(word)", model.look[prediction.right ? .good : .bad])
    }

    private func tile(_ prediction: Prediction, _ rect: Rect, on buffer: inout CellBuffer) {
        if let picture = picture(prediction) {
            let room = rect.split(bottom: 2).rest
            picture.fitted(columns: room.columns, height: 2 * room.rows).draw(in: room, on: &buffer, model.look)
        } else {
            let name = prediction.picture.split(separator: "/").last.map(String.init) ?? ""
            buffer.put(name.truncated(to: rect.columns), at: rect.column, rect.row, model.look[.muted])
        }
        let best = prediction.top.first
        let percent = best.map { ShownNumber.percent(share: $0.probability) } ?? ""
        let label = (best?.label ?? "?").truncated(to: 6)
        let line = RichLine([Span("\(label) \(percent) ", model.look[.strong]), mark(prediction)]).truncated(to: rect.columns)
        buffer.put(line, at: rect.column, rect.bottom - 2)
    }

    /// The predictions in one row, if there's no room for pictures.
    private func marks(_ rect: Rect, on buffer: inout CellBuffer) {
        let spans = shown.flatMap { prediction in
            let mark = prediction.right ? model.look.glyphs.done : model.look.glyphs.failed
            return [
                Span("\(prediction.top.first?.label ?? "?")", model.look[.strong]),
                Span(" \(mark)  ", model.look[prediction.right ? .good : .bad]),
            ]
        }
        TextPane(RichLine(spans).wrapped(to: rect.columns)).draw(in: rect, on: &buffer, model.look)
    }

    /// The picture, at most half as wide as the pane. Its predictions get the rest.
    private func single(_ prediction: Prediction, columns: Int, rows: Int) -> Picture? {
        picture(prediction)?.fitted(columns: columns / 2, height: 2 * rows)
    }

    private func single(_ prediction: Prediction, _ rect: Rect, on buffer: inout CellBuffer) {
        var room = rect
        if let picture = single(prediction, columns: rect.columns, rows: min(rect.rows, Self.singleRows)) {
            picture.draw(in: rect, on: &buffer, model.look)
            room = rect.split(left: picture.width + 2).rest
        }
        let head = RichLine([Span("\(prediction.picture)  ", model.look[.strong]), mark(prediction)])
        let bars = Bars(
            prediction.top.map { label in
                (label.label, label.probability, prediction.expected.contains(label.label) ? .good : .text)
            }
        ).lines(columns: room.columns, model.look)
        TextPane([head.truncated(to: room.columns)] + bars).draw(in: room, on: &buffer, model.look)
    }
}
