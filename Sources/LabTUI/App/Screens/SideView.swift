import LabFile
import LabRunner
import LabSupport

/// The third column of a wide screen: the machine while something runs, and otherwise what helps with the task. Below, what comes next.
struct SideView {
    private let model: AppModel

    init(_ model: AppModel) { self.model = model }

    private var isRunning: Bool { model.lab.livingRun != nil }

    /// It shows measurements now.
    var measures: Bool { WalkthroughLayout.hasSide(model) && isRunning && model.walkthrough.tab != .telemetry }

    func draw(in rect: Rect, on buffer: inout CellBuffer) {
        let look = model.look
        let title = measures ? Text.tabTelemetry : help.isEmpty ? .nextHeading : .tabFiles
        let room = Rule(model.say(title)).draw(in: rect, on: &buffer, look).inset(columns: 1)
        let next = next(columns: room.columns)
        if measures {
            let parts = room.split(bottom: min(next.count + 1, room.rows / 2))
            TelemetryView(model.telemetry.history, look, model.settings.language).draw(in: parts.rest, on: &buffer)
            let below = parts.bottom.split(top: 1).rest
            TextPane(Array(next.prefix(below.rows))).draw(in: below, on: &buffer, look)
        } else {
            let help = help(columns: room.columns)
            // It doesn't scroll, so there is no scroll bar.
            let lines = help + (help.isEmpty ? [] : [RichLine([])]) + next
            TextPane(Array(lines.prefix(room.rows))).draw(in: room, on: &buffer, look)
        }
    }

    private var help: [RichLine] { help(columns: Markdown.proseColumns) }

    /// The lab's wants for the student's file, the hints, and the course's text with its correction.
    private func help(columns: Int) -> [RichLine] {
        let wants = FilePane(model)?.wantList(columns: columns) ?? []
        let tab = FilesTab(model)
        let rest = model.walkthrough.tab == .files || tab.isEmpty ? [] : tab.lines(columns: columns)
        return wants + (wants.isEmpty || rest.isEmpty ? [] : [RichLine([])]) + rest
    }

    /// The sub-step that comes next, with the beginning of its text: something to read while this one runs.
    private func next(columns: Int) -> [RichLine] {
        let tasks = model.lab.spec?.tasks ?? []
        guard let index = tasks.firstIndex(where: { $0.id == model.walkthrough.selected }), index + 1 < tasks.count else { return [] }
        let task = tasks[index + 1]
        let title = RichLine("\(model.say(.nextHeading))\(model.say(.colon))\(task.id) \(model.say(task.title))", model.look[.heading])
        let paragraph = model.say(task.text).split(separator: "\n\n", maxSplits: 1).first ?? ""
        return title.wrapped(to: columns) + Markdown.lines(String(paragraph), columns: columns, look: model.look)
    }
}

extension Text {
    fileprivate static let nextHeading = Text(en: "Next", zh: "下一步")
}
