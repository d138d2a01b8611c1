package import LabRunner
import LabSupport

/// Progress, curves and predictions of a task. It takes at most half of the pane, unless the task printed nothing.
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
            let scale = ChartScale.loss(loss.map(\.value))
            let series = Chart.Series(model.say(scale.isLogarithmic ? .lossLogarithmic : .loss), .plot1, loss.map { ($0.x, $0.value) })
            charts.append(Chart(series, scale: scale, axis: epochAxis(beginning: loss)) { ShownNumber.significant($0) })
        }
        if let accuracy = record.metrics["accuracy"] ?? record.metrics["test_accuracy"], accuracy.count > 1 {
            let series = Chart.Series(model.say(.accuracy), .plot2, accuracy.map { ($0.x, $0.value) })
            charts.append(Chart(series, scale: .share(accuracy.map(\.value)), axis: epochAxis(beginning: accuracy)) { Self.percent($0) })
        }
        return charts
    }

    /// As many decimals as tell two epochs apart, and none for a round number.
    private static func percent(_ share: Double) -> String {
        let isRound = (share * 100).rounded() == (share * 1000).rounded() / 10
        return ShownNumber.percent(share: share, isRound ? 0 : 1)
    }

    /// A mark where each epoch begins.
    private func epochAxis(beginning points: [TaskRecord.MetricPoint]) -> Chart.Axis? {
        guard points.contains(where: { $0.epoch != nil }) else { return nil }
        let firsts = points.indices.filter { $0 == 0 || points[$0].epoch != points[$0 - 1].epoch }
        let marks = firsts.compactMap { index in points[index].epoch.map { Chart.Mark(points[index].x, String(Int(shown: $0))) } }
        return Chart.Axis(model.say(.epoch), marks: marks)
    }

    /// How many rows it takes in this pane.
    package func rows(in rect: Rect) -> Int {
        // A task that printed nothing leaves the pane to its pictures.
        let isAlone = model.walkthrough.log.isEmpty && record?.predictions.isEmpty == false
        let limit = isAlone ? rect.rows : model.walkthrough.isZoomed ? rect.rows * 2 / 3 : rect.rows / 2
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
