import LabFile
import LabRunner
import LabSupport

/// A model's predictions, beside the pictures.
struct PredictionView {
    private let predictions: [Prediction]
    private let model: AppModel
    /// The picture of a prediction that isn't of the lab's.
    private var own: Picture?

    /// A prediction about a picture of the student's.
    init(_ prediction: Prediction, _ picture: Picture?, _ model: AppModel) {
        predictions = [prediction]
        self.model = model
        own = picture
    }

    init(_ predictions: [Prediction], _ model: AppModel) {
        // A check predicts the same pictures as the action before it. Only the last prediction of each counts.
        var seen: Set<[String]> = []
        self.predictions = predictions.reversed().filter { seen.insert([$0.model, $0.picture]).inserted }.reversed()
        self.model = model
    }

    /// The sizes of a picture in cells, the largest first. Each leaves whole pixels of a 28×28 digit.
    private static let tiles = [(columns: 14, rows: 7), (columns: 10, rows: 5), (columns: 7, rows: 4)]
    private static let gap = 2
    /// The maximum number of rows for a single picture.
    private static let singleRows = 12

    private func picture(_ prediction: Prediction) -> Picture? {
        if let own { return own }
        let directory = model.lab.spec?.directory ?? ""
        return model.lab.pictures["\(directory)/\(prediction.picture)"]
    }

    private var shown: [Prediction] { predictions.suffix(20) }

    private struct Grid {
        var columns: Int
        var rows: Int
        var perRow: Int

        init(_ tile: (columns: Int, rows: Int), columns room: Int) {
            columns = tile.columns
            rows = tile.rows + 1
            perRow = max(1, (room + PredictionView.gap) / (tile.columns + PredictionView.gap))
        }

        func height(of count: Int) -> Int { (count + perRow - 1) / perRow * rows }
    }

    /// The largest pictures of which all fit. Nil if not even the smallest do.
    private func grid(columns: Int, rows: Int) -> Grid? {
        Self.tiles.map { Grid($0, columns: columns) }.first { $0.height(of: shown.count) <= rows }
    }

    func rows(columns: Int, limit: Int) -> Int {
        guard let last = predictions.last else { return 0 }
        if predictions.count == 1 {
            let picture = single(last, columns: columns, rows: min(limit, Self.singleRows))
            return min(limit, max(last.top.count + (last.expected.isEmpty ? 1 : 4), picture.map { $0.rows + 1 } ?? 0))
        }
        return grid(columns: columns, rows: limit - 1).map { 1 + $0.height(of: shown.count) } ?? min(limit, 3)
    }

    func draw(in rect: Rect, on buffer: inout CellBuffer) {
        guard let last = predictions.last, rect.rows > 0 else { return }
        if predictions.count == 1 { return single(last, rect, on: &buffer) }
        let right = predictions.count { $0.right }
        let head = model.say(Phrase.rightOf(right, predictions.count).labelled(model.say(.prediction)))
        buffer.put(head, at: rect.column, rect.row, model.look[.strong], limit: rect.columns)
        let rest = rect.split(top: 1).rest
        guard let grid = grid(columns: rest.columns, rows: rest.rows) else { return marks(rest, on: &buffer) }
        for (index, prediction) in shown.enumerated() {
            let pitch = grid.columns + Self.gap
            let place = Rect(
                column: rest.column + index % grid.perRow * pitch, row: rest.row + index / grid.perRow * grid.rows, columns: pitch - 1,
                rows: grid.rows)
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
            let room = rect.split(bottom: 1).rest
            picture.draw(fittedTo: Size(columns: room.columns - 1, rows: room.rows), at: room, on: &buffer, model.look)
        } else {
            let name = prediction.picture.split(separator: "/").last.map(String.init) ?? ""
            buffer.put(name.truncated(to: rect.columns), at: rect.column, rect.row, model.look[.muted])
        }
        let best = prediction.top.first
        let percent = best.map { ShownNumber.percent(share: $0.probability) } ?? ""
        let label = (best?.label ?? "?").truncated(to: 6)
        let symbol = prediction.right ? model.look.glyphs.done : model.look.glyphs.failed
        let line = RichLine([
            Span("\(label) \(percent) ", model.look[.strong]), Span(symbol, model.look[prediction.right ? .good : .bad]),
        ])
        buffer.put(line.truncated(to: rect.columns, ellipsis: model.look.glyphs.ellipsis), at: rect.column, rect.bottom - 1)
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
        let rows = min(rect.rows, Self.singleRows)
        if let fitted = single(prediction, columns: rect.columns, rows: rows), let picture = picture(prediction) {
            picture.draw(fittedTo: Size(columns: rect.columns / 2, rows: rows), at: rect, on: &buffer, model.look)
            room = rect.split(left: fitted.width + 2).rest
        }
        // Nobody said what is right for a picture of the student's.
        let isJudged = !prediction.expected.isEmpty
        let name = Span("\(prediction.picture)  ", model.look[.strong])
        let head = RichLine(isJudged ? [name, mark(prediction)] : [name])
        let bars = Bars(
            prediction.top.map { label in
                (label.label, label.probability, prediction.expected.contains(label.label) ? .good : .text)
            }
        ).lines(columns: room.columns, model.look)
        let expected = prediction.expected.isEmpty ? [] : wanted(prediction, columns: room.columns)
        TextPane([head.truncated(to: room.columns)] + bars + expected).draw(in: room, on: &buffer, model.look)
    }

    /// Which labels count as correct.
    private func wanted(_ prediction: Prediction, columns: Int) -> [RichLine] {
        let text = Phrase.counts(prediction.expected.map { SafeLines.clean(text: $0) })
        return [RichLine([])] + RichLine(model.say(text), model.look[.muted]).wrapped(to: columns)
    }
}
