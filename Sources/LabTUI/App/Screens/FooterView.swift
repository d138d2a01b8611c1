import LabFile
import LabRunner
import LabSupport

/// The last line: what Enter does, and at most four more keys. A message takes their place beside Enter, or rows of its own above them if it's
/// longer.
package struct FooterView {
    private let model: AppModel

    package init(_ model: AppModel) { self.model = model }

    package func draw(in rect: Rect, on buffer: inout CellBuffer) {
        let room = rect.inset(columns: 1)
        guard !room.isEmpty else { return }
        if let message = model.message, draw(message, in: room, on: &buffer) { return }
        let lead = looking
        var column = room.column
        if let lead, model.overlays.isEmpty {
            column = buffer.put(lead + "  ", at: column, room.row, model.look[.strong], limit: room.columns / 2)
        }
        buffer.put(line(columns: room.right - column), at: column, room.row, limit: room.right - column)
    }

    /// Returns whether the message took the place of the keys. A longer one lies on the rows above, so that nothing of it is cut.
    private func draw(_ message: Message, in room: Rect, on buffer: inout CellBuffer) -> Bool {
        let text = model.say(message.text)
        let enter = primary.map(button)
        if CellWidth.of(text) + (enter.map { $0.columns + 2 } ?? 0) <= room.columns {
            buffer.put(text, at: room.column, room.row, model.look[message.isFailure ? .bad : .strong])
            if let enter { buffer.put(enter, at: room.right - enter.columns, room.row) }
            return true
        }
        let style = model.look[.header]
        let mark = message.isFailure ? model.look.glyphs.failed + " " : ""
        let lines = RichLine([Span(mark + text, style)], hanging: CellWidth.of(mark)).wrapped(to: room.columns).prefix(room.row / 2)
        let strip = Rect(column: room.column - 1, row: room.row - lines.count, columns: room.columns + 2, rows: lines.count)
        buffer.fill(strip, style)
        for (row, line) in zip(strip.row..., lines) { buffer.put(line, at: room.column, row) }
        return false
    }

    /// The keys that fit. Those in the middle are left out first.
    private func line(columns: Int) -> RichLine {
        var items = self.items
        func width() -> Int { items.reduce(0) { $0 + CellWidth.of($1.key + $1.label) + 3 } }
        while items.count > 1, width() > columns { items.remove(at: items.count > 3 ? items.count - 3 : items.count - 1) }
        var spans: [Span] = []
        for (index, item) in items.enumerated() {
            if index == 0, primary != nil {
                spans += button(item.label).spans
            } else {
                spans += [Span(index == 0 ? "" : "  "), Span(item.key, model.look[.key]), Span(" " + item.label, model.look[.muted])]
            }
        }
        return RichLine(spans).truncated(to: columns, ellipsis: model.look.glyphs.ellipsis)
    }

    private func button(_ label: String) -> RichLine {
        let look = model.look
        return RichLine([
            Span(look.glyphs.running + " ", look[.key]), Span(key(of: .primary), look[.key]), Span(" " + label, look[.strong]),
        ])
    }

    /// The searched text and the filter.
    private var looking: String? {
        let view = model.walkthrough.logView
        if !view.search.isEmpty { return model.say(Phrase.matches(view.search)) }
        guard view.filter.isOn, model.walkthrough.tab == .output else { return nil }
        return model.say(Phrase.filtered(view.filter.text, LogLines(model.walkthrough.log, view.filter).count))
    }

    private var task: LabTask? { model.walkthrough.selected.flatMap { model.lab.spec?.task($0) } }

    /// What Enter does. Nil as long as there is no task.
    package var primary: String? { task.map { model.say(PrimaryAction($0, model).label($0, model)) } }

    /// The keys with their words, Enter first. At most five.
    package var items: [(key: String, label: String)] {
        let first = primary.map { [(key: key(of: .primary), label: $0)] } ?? []
        let others = offered.prefix(2).map { (key: key(of: $0), label: label(of: $0)) }
        let last = [Command.help, .close].map { (key: key(of: $0), label: label(of: $0)) }
        return first + others + last
    }

    /// What fits the moment besides Enter, the most useful first.
    private var offered: [Command] {
        let situation = Situation(model)
        if situation.holds(.searching) { return [.findNext, .findPrevious] }
        guard let task else { return [] }
        let state = model.lab.state(of: task.id)
        let action = PrimaryAction(task, model)
        var commands: [Command] = model.lab.livingRun == nil ? [] : [.interrupt]
        switch action {
        case .edit, .enterShell, .showOutput, .select, .finale: break
        case .run, .cure: if situation.holds(.hasFile), task.studentFile != nil || task.studentBuild != nil { commands.append(.edit) }
        }
        if state == .failed {
            if action != .cure, CureUpdate.remedy(of: task.id, model) != nil { commands.append(.cure) }
            commands.append(model.walkthrough.tab == .output && task.studentFile == nil ? .doctor : .output)
        }
        if situation.holds(.hasHints), !state.isSettled { commands.append(.hint) }
        if situation.holds(.idle), action != .run, state == .done || state == .failed || task.studentFile != nil { commands.append(.run) }
        if case .select = action { return commands }
        return commands + [.nextTask]
    }

    private func key(of command: Command) -> String {
        model.settings.keys.bindings.first { $0.command == command }?.keys.first?.name ?? ""
    }

    private func label(of command: Command) -> String {
        if command == .run, let task {
            if task.studentFile != nil { return model.say(.keyVerify) }
            if model.lab.state(of: task.id) == .done { return model.say(.keyRunAgain) }
        }
        return model.settings.keys.bindings.first { $0.command == command }.map { model.say($0.label) } ?? ""
    }
}
