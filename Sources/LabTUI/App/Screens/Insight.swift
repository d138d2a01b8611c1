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
        let limit = model.walkthrough.isZoomed ? rect.rows * 2 / 3 : rect.rows / 2
        var rows = gauges(columns: rect.columns).count
        if !curves.isEmpty, rows + 4 <= limit { rows += min(Self.chartRows, limit - rows) }
        let view = PredictionView(record?.predictions ?? [], model)
        return min(limit, rows + view.rows(columns: rect.columns, limit: max(0, limit - rows)))
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
