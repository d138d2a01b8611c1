import LabRunner
import LabSupport

/// What ailab did otherwise than the command says, above the output: another source, a stand-in, a warning. Nothing of this is silent.
struct RemarkLines {
    private let model: AppModel
    private let record: TaskRecord?

    init(_ record: TaskRecord?, _ model: AppModel) {
        self.record = record
        self.model = model
    }

    private func lines(columns: Int) -> [RichLine] {
        guard let record else { return [] }
        let look = model.look
        var lines = record.failedSources.suffix(2).flatMap { failed in
            marked(Span(look.glyphs.bullet + " ", look[.muted]), Self.next(SafeLines.clean(text: failed.source)), columns)
        }
        for source in record.sources.suffix(1) where source.standIn {
            lines += marked(Span("! ", look[.warning]), source.text, columns)
        }
        // An engine that came back is no longer away.
        let back = record.notices.lastIndex { $0.code == "engine.back" } ?? -1
        let notices = record.notices.enumerated().filter { $1.level == .warning && !($0 < back && $1.code == "engine.away") }
        for (_, notice) in notices.suffix(3) {
            lines += marked(Span("! ", look[.warning]), notice.text, columns)
        }
        return lines
    }

    private func marked(_ mark: Span, _ text: Text, _ columns: Int) -> [RichLine] {
        RichLine([mark, Span(model.say(text))], hanging: 2).wrapped(to: min(columns, Markdown.proseColumns))
    }

    private static func next(_ source: String) -> Text {
        Text(en: "\(source) can't be reached; ailab takes the next source.", zh: "无法访问 \(source)，改用下一个来源。")
    }

    /// The rows with a blank one below them, at most a third of the pane.
    func rows(in rect: Rect) -> Int {
        let count = lines(columns: rect.columns).count
        return count == 0 ? 0 : min(count + 1, rect.rows / 3)
    }

    func draw(in rect: Rect, on buffer: inout CellBuffer) {
        TextPane(lines(columns: rect.columns)).draw(in: rect, on: &buffer, model.look)
    }
}
