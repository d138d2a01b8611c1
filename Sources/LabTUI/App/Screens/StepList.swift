import LabFile
import LabRunner
import LabSupport

/// The steps, the sub-steps of the selected step with their states, and the overall progress.
package struct StepList {
    private let model: AppModel

    private enum Entry {
        case step(LabStep)
        case task(LabTask)
    }

    package init(_ model: AppModel) { self.model = model }

    private var entries: [Entry] {
        (model.lab.spec?.steps ?? []).flatMap { step in
            [Entry.step(step)] + (step.number == model.walkthrough.selected?.step ? step.tasks.map { .task($0) } : [])
        }
    }

    private var selection: Int? {
        entries.firstIndex { if case .task(let task) = $0 { task.id == model.walkthrough.selected } else { false } }
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer) {
        let isFocused = model.walkthrough.pane == .steps
        let tally = model.lab.tally
        let (note, shorter) = tally.all > 0 ? (model.say(Phrase.overall(tally)), model.say(Phrase.overallDone(tally))) : ("", "")
        let inside = Rule(model.say(.steps), note: note, shorter: shorter, isFocused: isFocused)
            .draw(in: rect, on: &buffer, model.look)
        let parts = inside.split(bottom: 1)
        if let problem = problem { return TextPane(problem.wrapped(to: parts.rest.columns)).draw(in: parts.rest, on: &buffer, model.look) }
        List(entries.map(row), selection: selection, isFocused: isFocused).draw(in: parts.rest, on: &buffer, model.look)
        buffer.put(overall(columns: parts.bottom.columns), at: parts.bottom.column, parts.bottom.row)
    }

    private var problem: RichLine? {
        if let failure = model.lab.failure { return RichLine(model.say(failure.message), model.look[.bad]) }
        return model.lab.spec == nil ? RichLine(model.say(.readingLab), model.look[.muted]) : nil
    }

    private func row(_ entry: Entry) -> List.Row {
        switch entry {
        case .step(let step):
            return List.Row(RichLine("\(step.number) \(model.say(step.title))", model.look[.heading]), note: note(step))
        case .task(let task): return row(task)
        }
    }

    /// How much of a step is done. A folded one also shows what needs attention in it.
    private func note(_ step: LabStep) -> RichLine {
        let tally = model.lab.progress.tally(step.tasks)
        let count = Span(tally.all > 0 ? "\(tally.done)/\(tally.all)" : "\(tally.read)/\(tally.readings)", model.look[.muted])
        guard step.number != model.walkthrough.selected?.step else { return RichLine([count]) }
        let states = step.tasks.map { model.lab.state(of: $0.id) }
        guard let news = states.first(where: { $0 == .running }) ?? states.first(where: { $0 == .failed }) else {
            let mark = tally.isComplete ? model.look.glyphs.done + " " : ""
            return RichLine([Span(mark, model.look[.muted]), count])
        }
        let label = StateLabel(news, model.look.glyphs)
        return RichLine([Span(label.symbol + " ", model.look[label.role]), count])
    }

    private func row(_ task: LabTask) -> List.Row {
        let state = model.lab.state(of: task.id)
        let label = StateLabel(task, model)
        let style = model.look[isOld(task, state) ? .muted : label.role]
        let width = siblings(of: task) > 9 ? 5 : 4
        let line = RichLine([
            Span(" \(label.symbol) ", style), Span(task.id.description.padded(to: width), model.look[.muted]),
            Span(model.say(task.title), model.look[state == .running ? .strong : .text]),
        ])
        return List.Row(line, note: note(task, state, label))
    }

    private func siblings(of task: LabTask) -> Int { model.lab.spec?.steps.first { $0.number == task.id.step }?.tasks.count ?? 0 }

    /// Green is for what the last run brought.
    private func isOld(_ task: LabTask, _ state: TaskState) -> Bool {
        state == .done && model.lab.progress.success(of: task.id)?.run != model.lab.progress.run?.number
    }

    /// The time, if the symbol says enough, and the state's word otherwise.
    private func note(_ task: LabTask, _ state: TaskState, _ label: StateLabel) -> RichLine {
        switch label.isWaiting ? .waiting : state {
        case .open, .running, .done, .read: RichLine(TaskTime(task, model).brief, model.look[.muted])
        case .blocked, .waiting, .noLonger, .failed, .cancelled, .interrupted, .skipped, .unavailable:
            RichLine(model.say(label.text), model.look[label.role])
        }
    }

    /// The task in a row of the screen, for the mouse.
    func task(at row: Int, in rect: Rect) -> TaskID? {
        let inside = rect.split(top: 1).rest
        let top = List.top(selection: selection ?? 0, count: entries.count, rows: inside.rows - 1)
        let index = row - inside.row + top
        guard entries.indices.contains(index), row >= inside.row, row < inside.bottom - 1 else { return nil }
        switch entries[index] {
        case .step(let step): return step.tasks.first?.id
        case .task(let task): return task.id
        }
    }

    /// The bar at the bottom: the share that is done, and the time that is left.
    package func overall(columns: Int) -> RichLine {
        guard let tasks = model.lab.spec?.tasks, model.lab.tally.all > 0 else { return RichLine([]) }
        let forecast = LabForecast(tasks, model.lab.progress, now: model.now)
        let share = forecast.share
        let left = forecast.secondsLeft > 0 ? "  " + model.say(Phrase.left(minutes: forecast.minutesLeft)) : ""
        let text = " \(Int(shown: share * 100))%" + left
        return RichLine(Gauge(share).spans(columns: max(4, columns - CellWidth.of(text)), model.look) + [Span(text, model.look[.muted])])
    }
}

/// The expected or actual time of a task.
struct TaskTime {
    private let task: LabTask
    private let model: AppModel

    init(_ task: LabTask, _ model: AppModel) {
        self.task = task
        self.model = model
    }

    /// The usual time of the run, which may be a quick one.
    private var usual: Int { task.expectedSeconds(isQuick: model.options.quick) }

    var expected: String { "~\(Phrase.clock(Double(usual)))" }

    /// For a narrow column. A task that takes longer than usual shows only its own time.
    var brief: String {
        guard model.lab.state(of: task.id) == .running, let began = model.lab.progress.records[task.id]?.began else { return shown }
        let seconds = model.now - began
        return seconds > Double(usual) ? Phrase.clock(seconds) : shown
    }

    var shown: String {
        let record = model.lab.progress.records[task.id]
        switch model.lab.state(of: task.id) {
        case .running: return record?.began.map { model.say(Phrase.time(model.now - $0, usually: usual)) } ?? expected
        case .done:
            let seconds = model.lab.progress.success(of: task.id)?.seconds ?? 0
            return seconds >= 0.5 ? Phrase.clock(seconds) : ""
        case .read: return ""
        case .failed: return (record?.end?.seconds).map(Phrase.clock) ?? ""
        case .open, .blocked, .waiting, .noLonger, .cancelled, .interrupted, .skipped, .unavailable: return expected
        }
    }
}

/// The list in one line, for small screens.
package struct StepStrip {
    private let model: AppModel

    package init(_ model: AppModel) { self.model = model }

    package func draw(in rect: Rect, on buffer: inout CellBuffer) {
        buffer.put(line.truncated(to: rect.columns - 12, ellipsis: model.look.glyphs.ellipsis), at: rect.column + 1, rect.row)
        let tally = model.lab.tally
        let note = "\(tally.done)/\(tally.all)"
        if tally.all > 0 { buffer.put(note, at: rect.right - note.count - 1, rect.row, model.look[.muted]) }
    }

    package var line: RichLine {
        guard let spec = model.lab.spec else {
            return RichLine(model.lab.failure.map { model.say($0.message) } ?? model.say(.readingLab), model.look[.muted])
        }
        guard let task = model.walkthrough.selected.flatMap({ spec.task($0) }) else { return RichLine(model.say(.readingHistory)) }
        let label = StateLabel(task, model)
        return RichLine([
            Span("\(task.id) \(model.say(task.title))", model.look[.title]), Span("  "),
            Span("\(label.symbol) \(model.say(label.text))", model.look[label.role]),
            Span(" " + TaskTime(task, model).shown, model.look[.muted]),
        ])
    }
}
