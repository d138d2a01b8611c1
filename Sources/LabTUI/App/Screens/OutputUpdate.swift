import LabRunner

/// Performs the commands of the output pane.
package enum OutputUpdate {
    static func wrap(_ model: inout AppModel) -> [AppEffect] {
        model.walkthrough.logView.wraps.toggle()
        model.walkthrough.logView.left = 0
        model.tell(model.walkthrough.logView.wraps ? .wrapOn : .wrapOff)
        return []
    }

    static func unfold(_ model: inout AppModel) -> [AppEffect] {
        model.walkthrough.unfolds.toggle()
        model.walkthrough.logView.follows = true
        return WalkthroughUpdate.show(.output, &model)
    }

    static func time(_ model: inout AppModel) -> [AppEffect] {
        model.walkthrough.logView.showsTime.toggle()
        model.tell(model.walkthrough.logView.showsTime ? .timeOn : .timeOff)
        return []
    }

    /// Opens the line to type a search in.
    static func search(_ model: inout AppModel) -> [AppEffect] {
        let effects = WalkthroughUpdate.show(.output, &model)
        model.overlays.append(.search(model.walkthrough.logView.search))
        return effects
    }

    /// Opens the line to type a filter in.
    static func askFilter(_ model: inout AppModel) -> [AppEffect] {
        let effects = WalkthroughUpdate.show(.output, &model)
        model.overlays.append(.filter(model.walkthrough.logView.filter.text))
        return effects
    }

    static func copyCommand(_ model: inout AppModel) -> [AppEffect] {
        copy(model.walkthrough.selected.map { model.lab.commands(of: $0).joined(separator: "\n") } ?? "", &model)
    }

    static func copyOutput(_ model: inout AppModel) -> [AppEffect] { copy(tail(model.walkthrough.log), &model) }

    static func follow(_ model: inout AppModel) -> [AppEffect] {
        let follows = !(model.walkthrough.logView.follows && model.walkthrough.followsRun)
        if !follows {
            let rows = OutputView(model).logRect(in: WalkthroughLayout(model).body).rows
            model.walkthrough.logView.scroll(0, in: model.walkthrough.log, rows: rows)
        }
        model.walkthrough.logView.follows = follows
        model.walkthrough.followsRun = follows
        model.tell(follows ? .followOn : .followOff)
        guard follows, let task = model.lab.progress.working.last else { return [] }
        return WalkthroughUpdate.select(task, &model, byRun: true)
    }

    /// Shows only the lines that contain a text. An empty text shows all lines.
    static func filter(_ text: String, _ model: inout AppModel) {
        let was = model.walkthrough.logView.filter.isOn
        model.walkthrough.logView.filter.set(text, model.walkthrough.log)
        model.walkthrough.logView.match = nil
        if !model.walkthrough.logView.follows { model.walkthrough.logView.home(model.walkthrough.log) }
        if text.isEmpty, was { model.tell(.filterOff) }
    }

    /// Goes to the next match, or says that there is none.
    static func find(forward: Bool, _ model: inout AppModel) {
        let rows = OutputView(model).logRect(in: WalkthroughLayout(model).body).rows
        if !model.walkthrough.logView.find(forward: forward, in: model.walkthrough.log, rows: rows) { model.tell(.notFound) }
    }

    private static func copy(_ text: String, _ model: inout AppModel) -> [AppEffect] {
        guard !text.isEmpty else {
            model.tell(.copiedNothing)
            return []
        }
        model.tell(.copied)
        return [.terminal(.copy(text))]
    }

    /// The end of the output, up to the size that terminals accept.
    private static func tail(_ log: LogBuffer) -> String {
        var lines: [String] = []
        var bytes = 0
        for number in stride(from: log.endLine - 1, through: log.firstLine, by: -1) {
            let line = String(decoding: log.bytes(of: number), as: UTF8.self)
            bytes += line.utf8.count + 1
            if bytes > 60_000 { break }
            lines.append(line)
        }
        return lines.reversed().joined(separator: "\n")
    }

    static func save(_ model: inout AppModel) -> [AppEffect] {
        guard let task = model.walkthrough.selected, let record = model.lab.progress.records[task], !record.segments.isEmpty else {
            model.tell(.savedNothing)
            return []
        }
        return [.saveOutput(OutputRequest(run: record.run, task: task, pieces: record.segments))]
    }
}
