import LabFile

/// A few lines for small windows, and one sentence for tiny ones.
package struct LinearView {
    private let model: AppModel

    package init(_ model: AppModel) { self.model = model }

    package func draw(on buffer: inout CellBuffer) {
        let size = model.size
        buffer.put(StepStrip(model).line.truncated(to: size.columns, ellipsis: model.look.glyphs.ellipsis), at: 0, 0)
        let facts = HeaderView(model).facts.joined(separator: " \(model.look.glyphs.separator) ")
        buffer.put(facts, at: 0, 1, model.look[.muted], limit: size.columns)
        let body = Rect(size).inset(rows: 2)
        if model.walkthrough.showsText {
            let lines = ExplanationView(model).lines(columns: body.columns)
            TextPane(lines, offset: model.walkthrough.explanationOffset).draw(in: body, on: &buffer, model.look)
        } else {
            LiveView(model).draw(in: body, on: &buffer)
        }
        CommandStrip(model).draw(in: Rect(column: 0, row: size.rows - 2, columns: size.columns, rows: 1), on: &buffer)
        FooterView(model).draw(in: Rect(size).split(bottom: 1).bottom, on: &buffer)
    }

    package func sentence(on buffer: inout CellBuffer) {
        let step = model.walkthrough.selected?.step ?? 1
        let demo = model.settings.demoSpeed.map { model.say(Phrase.demo($0)) + ". " } ?? ""
        let text = (demo + model.say(.tooSmall) + " " + model.say(Phrase.auto(step, labWords: model.settings.labWords))).filter {
            $0 != "`"
        }
        TextPane(RichLine(text).wrapped(to: model.size.columns)).draw(in: Rect(model.size), on: &buffer, model.look)
    }
}
