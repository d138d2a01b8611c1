import LabFile
import LabRunner
import LabSupport

/// The work of a task: progress, curves and pictures at the top, and the output below.
package struct OutputView {
    private let model: AppModel
    private let record: TaskRecord?

    package init(_ model: AppModel) {
        self.model = model
        record = model.walkthrough.selected.flatMap { model.lab.progress.records[$0] }
    }

    private var insight: Insight { Insight(record, model) }

    /// The part of the pane for the output.
    package func logRect(in rect: Rect) -> Rect {
        let told = rect.split(top: ExpectationLines(model).rows(in: rect)).rest
        let rest = told.split(top: RemarkLines(record, model).rows(in: told)).rest
        return rest.split(top: insight.rows(in: rest)).rest
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer) {
        let told = rect.split(top: ExpectationLines(model).rows(in: rect))
        if !told.top.isEmpty { ExpectationLines(model).draw(in: told.top, on: &buffer) }
        let remarks = told.rest.split(top: RemarkLines(record, model).rows(in: told.rest))
        if !remarks.top.isEmpty { RemarkLines(record, model).draw(in: remarks.top, on: &buffer) }
        let parts = remarks.rest.split(top: insight.rows(in: remarks.rest))
        insight.draw(in: parts.top, on: &buffer)
        if let lines = standIn(in: parts.rest) {
            TextPane(lines, offset: model.walkthrough.tabOffset).draw(in: parts.rest, on: &buffer, model.look)
        } else {
            LogPane(model.walkthrough.log, model.walkthrough.logView, note: note, utcOffset: model.settings.utcOffset).draw(
                in: parts.rest, on: &buffer, model.look)
        }
    }

    /// What is shown in place of the output: a card of its figures, a build's folded
    /// log, or what is known if there is none. Nil if the output itself is shown.
    package func standIn(in rect: Rect) -> [RichLine]? {
        let prose = min(rect.columns, Markdown.proseColumns)
        if let log = InstructionLog(record, model) { return log.lines(columns: rect.columns, rows: rect.rows) }
        let view = model.walkthrough.logView
        if view.follows, view.search.isEmpty, !view.filter.isOn, let card = ResultCard(model.walkthrough.log, model) {
            return card.lines(columns: prose)
        }
        // The facts that a task found say more than the lines that it read.
        if view.follows, view.search.isEmpty, !view.filter.isOn, let record, !record.facts.isEmpty,
            record.failure == nil || record.isUnavailable
        {
            let reason = record.failure.map { RichLine(model.say($0.message)).wrapped(to: prose) + [RichLine([])] } ?? []
            return reason + FactLines(record.facts, model).lines(columns: rect.columns)
        }
        return model.walkthrough.log.isEmpty ? placeholder(columns: prose) : nil
    }

    /// Where to find the lines before the first one.
    private var note: String? {
        let log = model.walkthrough.log
        let path = record.map { "runs/\($0.run)/output.log" } ?? ""
        if log.skipped > 0 { return model.say(Phrase.skipped(bytes: log.skipped, path: path)) }
        return log.firstLine > 0 ? model.say(Phrase.dropped(lines: log.firstLine, path: path)) : nil
    }

    private var isShell: Bool {
        model.walkthrough.selected.flatMap { model.lab.spec?.task($0)?.action.isInteractive } ?? false
    }

    /// What comes next, before the first run.
    private func next(_ columns: Int) -> [RichLine] {
        guard let task = model.walkthrough.selected.flatMap({ model.lab.spec?.task($0) }) else { return [] }
        let sentence = { (word: Text) in Markdown.lines(model.say(word), columns: columns, look: model.look) }
        let action = PrimaryAction(task, model)
        let file = task.studentBuild == nil ? nil : model.lab.examined(task).map { sentence(FileWords.built($0)) }
        let enter = sentence(Phrase.enter(action.label(task, model)))
        let isRun = action == .run && !task.isOnlyRead
        return (file ?? []) + enter
            + (isRun ? sentence(.outputHere) + sentence(Phrase.auto(task.id.step, labWords: model.settings.labWords)) : [])
    }

    private func placeholder(columns: Int) -> [RichLine] {
        let look = model.look
        let sentence = { (word: Text) in Markdown.lines(model.say(word), columns: columns, look: look) }
        let task = model.walkthrough.selected
        let state = task.map { model.lab.state(of: $0) } ?? .open
        var lines: [RichLine] = []
        if case .unreachable(let error) = model.lab.engine, !state.isSettled {
            lines += FailureLines(error, model).lines(columns: columns) + [RichLine([])] + sentence(.engineRetry) + [RichLine([])]
        }
        let hasReturned = task.map { model.lab.hasEngineReturned(since: $0) } ?? false
        if hasReturned, record?.failure != nil { lines += sentence(.engineReturned) + [RichLine([])] }
        if let error = record?.failure { return lines + FailureLines(error, model).lines(columns: columns) }
        if let blocker = task.flatMap({ model.lab.progress.blocker(of: $0) }) {
            return lines + RichLine(model.say(Phrase.blocked(by: blocker))).wrapped(to: columns)
        }
        if let run = model.lab.progress.run, run.end?.outcome == .blocked, !state.isSettled, !hasReturned {
            let blocked = RichLine(model.say(Phrase.notBegun(run.number)), look[.warning]).wrapped(to: columns) + [RichLine([])]
            let finding = CureUpdate.findings(model).first.map { FindingLines($0, model).lines(columns: columns) + [RichLine([])] }
            return lines + blocked + (finding ?? [])
        }
        if !model.lab.hasHistory { return lines + sentence(.readingHistory) }
        if let facts = record?.facts, !facts.isEmpty { return lines + FactLines(facts, model).lines(columns: columns) }
        switch state {
        case .running: return lines + sentence(.nothingPrinted)
        case .done, .noLonger:
            let checks = ChecksTab(model).lines(columns: columns)
            // What is drawn above is the output.
            if record?.predictions.isEmpty == false { return lines + [RichLine([])] + checks }
            let command = task.flatMap { model.lab.commands(of: $0).last }
            let word = record?.end?.outcome == .satisfied ? Phrase.satisfied(command) : isShell ? .shellSilent : .noOutput
            return lines + sentence(word) + [RichLine([])] + checks
        case .open, .blocked, .waiting, .failed, .cancelled, .interrupted, .skipped, .read, .unavailable:
            let isOnlyRead = task.flatMap { model.lab.spec?.task($0) }?.isOnlyRead == true
            return lines + (isOnlyRead ? [] : sentence(.nothingRun) + [RichLine([])]) + next(columns)
        }
    }
}

/// The facts that a task found out about the machine.
struct FactLines {
    private let facts: [Fact]
    private let model: AppModel

    init(_ facts: [Fact], _ model: AppModel) {
        self.facts = facts
        self.model = model
    }

    func lines(columns: Int) -> [RichLine] {
        facts.flatMap { fact in
            fact.table.map { lines(of: $0, columns: columns) } ?? lines(of: fact, columns: columns)
        }
    }

    /// The table, and its chart as bars.
    private func lines(of table: ResultTable, columns: Int) -> [RichLine] {
        let look = model.look
        let language = model.settings.language
        let shown = table.lines(language).enumerated().map { index, row in
            row.map { index == 0 ? RichLine($0, look[.muted]) : RichLine(SafeLines.clean(text: $0)) }
        }
        let bars = table.bars(language)
        let labels = bars.map { CellWidth.of($0.label) }.max() ?? 0
        let named = bars.map { $0.label.padded(to: labels) + "  \($0.value) " }
        let width = named.map { CellWidth.of($0) }.max() ?? 0
        let drawn = zip(bars, named).map { bar, name in
            let gap = String(repeating: " ", count: width - CellWidth.of(name))
            return RichLine([Span(name + gap)] + Gauge(bar.share).spans(columns: min(40, max(4, columns - width)), look))
        }
        let heading = table.chart.map { RichLine(table.columns[$0.column].title[language], look[.muted]) }
        let lines =
            [RichLine(table.title[language], look[.strong])]
            + Table(shown).lines(columns: columns, ellipsis: look.glyphs.ellipsis, wrapsLast: true)
            + (drawn.isEmpty ? [] : [RichLine([])] + (heading.map { [$0] } ?? []) + drawn) + [RichLine([])]
        return lines.map { $0.truncated(to: columns, ellipsis: look.glyphs.ellipsis) }
    }

    private func lines(of fact: Fact, columns: Int) -> [RichLine] {
        model.say(fact.text).split(separator: "\n", omittingEmptySubsequences: false).flatMap {
            RichLine(String($0)).wrapped(to: columns)
        }
    }
}
