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
    package func logRect(in rect: Rect) -> Rect { rect.split(top: insight.rows(in: rect)).rest }

    package func draw(in rect: Rect, on buffer: inout CellBuffer) {
        let parts = rect.split(top: insight.rows(in: rect))
        insight.draw(in: parts.top, on: &buffer)
        if model.walkthrough.log.isEmpty {
            TextPane(placeholder(columns: parts.rest.columns)).draw(in: parts.rest, on: &buffer, model.look)
        } else {
            LogPane(model.walkthrough.log, model.walkthrough.logView, note: note, utcOffset: model.settings.utcOffset).draw(
                in: parts.rest, on: &buffer, model.look)
        }
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

    private func placeholder(columns: Int) -> [RichLine] {
        let look = model.look
        let sentence = { (word: Text) in Markdown.lines(model.say(word), columns: columns, look: look) }
        let task = model.walkthrough.selected
        let state = task.map { model.lab.state(of: $0) } ?? .open
        var lines: [RichLine] = []
        if case .unreachable(let error) = model.lab.engine, !state.isSettled {
            lines += FailureLines(error, model).lines(columns: columns) + [RichLine([])] + sentence(.engineRetry) + [RichLine([])]
        }
        if let error = record?.failure { return lines + FailureLines(error, model).lines(columns: columns) }
        if let blocker = task.flatMap({ model.lab.progress.blocker(of: $0) }) {
            return lines + RichLine(model.say(Phrase.blocked(by: blocker))).wrapped(to: columns)
        }
        if let run = model.lab.progress.run, run.end?.outcome == .blocked, !state.isSettled {
            let blocked = RichLine(model.say(Phrase.notBegun(run.number)), look[.warning]).wrapped(to: columns) + [RichLine([])]
            let finding = CureUpdate.findings(model).first.map { FindingLines($0, model).lines(columns: columns) + [RichLine([])] }
            return lines + blocked + (finding ?? []) + sentence(.nothingRunHint)
        }
        if !model.lab.hasHistory { return lines + sentence(.readingHistory) }
        if let facts = record?.facts, !facts.isEmpty { return lines + FactLines(facts, model).lines(columns: columns) }
        switch state {
        case .running: return lines
        case .done, .noLonger:
            let checks = ChecksTab(model).lines(columns: columns)
            return lines + sentence(record?.end?.outcome == .satisfied ? .satisfied : isShell ? .shellSilent : .noOutput) + [RichLine([])]
                + checks
        case .open, .blocked, .waiting, .failed, .cancelled, .interrupted, .skipped, .read:
            let step = model.walkthrough.selected?.step ?? 1
            let auto = Markdown.lines(model.say(Phrase.auto(step)), columns: columns, look: look)
            return lines + sentence(.nothingRun) + [RichLine([])] + sentence(.nothingRunHint) + auto
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
            model.say(fact.text).split(separator: "\n", omittingEmptySubsequences: false).flatMap {
                RichLine(String($0)).wrapped(to: columns)
            }
        }
    }
}

/// Lines of output: the last ones, or those at the scroll position.
package struct LogPane {
    private let log: LogBuffer
    private let view: LogView
    private let note: String?

    private let utcOffset: Int

    package init(_ log: LogBuffer, _ view: LogView, note: String? = nil, utcOffset: Int = 0) {
        self.log = log
        self.utcOffset = utcOffset
        self.view = view
        self.note = note
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer, _ look: Look) {
        guard !rect.isEmpty else { return }
        let lines = view.follows ? end(rect, look) : from(view.top, rect, look)
        for (row, line) in lines.prefix(rect.rows).enumerated() {
            buffer.put(line, at: rect.column, rect.row + row, limit: rect.columns)
        }
        let all = LogLines(log, view.filter)
        let first = view.follows ? max(0, all.count - rect.rows) : all.index(of: view.top)
        ScrollBar(first: first, shown: rect.rows, count: all.count).draw(rightOf: rect, on: &buffer, look)
    }

    /// The last rows, including the unfinished line.
    private func end(_ rect: Rect, _ look: Look) -> [RichLine] {
        var rows: [RichLine] = []
        if let current = log.current, view.filter.passes(current) {
            rows = shown(LogBuffer.rich(current.bytes[...], current.runs), nil, rect, look)
        }
        let all = LogLines(log, view.filter)
        var place = all.count - 1
        while rows.count < rect.rows, place >= 0 {
            let number = all[place]
            if let line = log.line(number) { rows = shown(line.line, line.time, rect, look, isMatch: number == view.match) + rows }
            place -= 1
        }
        if rows.count < rect.rows, let note { rows.insert(RichLine(note, look[.muted]).truncated(to: rect.columns), at: 0) }
        return Array(rows.suffix(rect.rows))
    }

    private func from(_ top: Int, _ rect: Rect, _ look: Look) -> [RichLine] {
        var rows: [RichLine] = []
        if top == log.firstLine, let note { rows.append(RichLine(note, look[.muted]).truncated(to: rect.columns)) }
        let all = LogLines(log, view.filter)
        var place = all.index(of: top)
        while rows.count < rect.rows, place < all.count {
            let number = all[place]
            guard let line = log.line(number) else { break }
            rows += shown(line.line, line.time, rect, look, isMatch: number == view.match)
            place += 1
        }
        return rows
    }

    private func shown(_ line: RichLine, _ time: Double?, _ rect: Rect, _ look: Look, isMatch: Bool = false) -> [RichLine] {
        var line = line
        if view.filter.isOn { line = LogSearch(view.filter.text).marked(line, look[.strong]) }
        if !view.search.isEmpty { line = LogSearch(view.search).marked(line, look[.match]) }
        if !view.wraps, view.left > 0 { line = line.dropping(columns: view.left) }
        if view.showsTime {
            line = RichLine(
                [Span((time.map { DayClock.text($0 + Double(utcOffset)) } ?? "        ") + " ", look[.muted])] + line.spans, hanging: 9)
        }
        if isMatch { line.spans.insert(Span(look.glyphs.running, look[.match]), at: 0) }
        return view.wraps ? line.wrapped(to: rect.columns) : [line]
    }
}

extension RichLine {
    /// The line without its first columns.
    func dropping(columns: Int) -> RichLine {
        var left = columns
        var result: [Span] = []
        for span in spans {
            let piece = CellWidth.prefix(Substring(span.text), fitting: left)
            left -= piece.columns
            let rest = span.text[piece.text.endIndex...]
            if !rest.isEmpty { result.append(Span(String(rest), span.style)) }
            if !rest.isEmpty { left = 0 }
        }
        return RichLine(result, hanging: hanging)
    }
}

/// The time of day.
enum DayClock {
    static func text(_ time: Double) -> String {
        let seconds = Int(time) % 86_400
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }
}
