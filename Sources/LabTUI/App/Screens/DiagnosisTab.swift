import Diagnosis
import LabRunner

/// Why it failed. If the cause is known, the tab shows cause, evidence and cure, and otherwise the error.
struct DiagnosisTab {
    private let model: AppModel
    private let record: TaskRecord?

    init(_ model: AppModel) {
        self.model = model
        record = model.walkthrough.selected.flatMap { model.lab.progress.records[$0] }
    }

    func lines(columns: Int) -> [RichLine] {
        if let fault = FaultLines(model) { return fault.lines(columns: columns) + [RichLine([])] + notices(columns) }
        var lines = failure(columns) + engine(columns)
        if lines.isEmpty { lines = RichLine(model.say(.diagnosisEmpty)).wrapped(to: columns) + [RichLine([])] }
        lines += notices(columns)
        return lines + Markdown.lines(model.say(.diagnosisWill), columns: columns, look: model.look)
    }

    private func failure(_ columns: Int) -> [RichLine] {
        var lines: [RichLine] = []
        if let task = model.walkthrough.selected, model.lab.hasEngineReturned(since: task) {
            let mark = Span(model.look.glyphs.done + " ", model.look[.good])
            lines += RichLine([mark, Span(model.say(.engineReturned))], hanging: 2).wrapped(to: columns) + [RichLine([])]
        }
        let findings = CureUpdate.findings(model)
        if let error = record?.failure {
            lines += FailureLines(error, model, isExplained: !findings.isEmpty).lines(columns: columns) + [RichLine([])]
        }
        if let blocker = model.walkthrough.selected.flatMap({ model.lab.progress.blocker(of: $0) }) {
            lines += RichLine(model.say(Phrase.blocked(by: blocker)), model.look[.warning]).wrapped(to: columns) + [RichLine([])]
        }
        if let best = findings.first { lines += FindingLines(best, model).lines(columns: columns) }
        for other in findings.dropFirst().prefix(4) {
            lines.append(
                RichLine("\(model.look.glyphs.bullet) \(model.say(other.title))").truncated(
                    to: columns, ellipsis: model.look.glyphs.ellipsis))
        }
        return lines + (findings.isEmpty ? [] : [RichLine([])])
    }

    private func engine(_ columns: Int) -> [RichLine] {
        guard case .unreachable(let error) = model.lab.engine else { return [] }
        return FailureLines(error, model).lines(columns: columns) + [RichLine([])]
    }

    private func notices(_ columns: Int) -> [RichLine] {
        ((record?.notices ?? []) + (model.lab.progress.run?.notices ?? [])).flatMap { notice in
            let isWarning = notice.level == .warning
            let mark = isWarning ? "! " : model.look.glyphs.bullet + " "
            return RichLine([Span(mark, model.look[isWarning ? .warning : .muted]), Span(model.say(notice.text))], hanging: 2).wrapped(
                to: columns)
        }
    }
}

/// A known cause with the line that proves it and the commands that cure it.
struct FindingLines {
    private let finding: Finding
    private let model: AppModel

    init(_ finding: Finding, _ model: AppModel) {
        self.finding = finding
        self.model = model
    }

    func lines(columns: Int) -> [RichLine] {
        let look = model.look
        var lines = RichLine(model.say(finding.title), look[.heading]).wrapped(to: columns)
        for evidence in [finding.evidence].compactMap(\.self) + finding.detail {
            lines += RichLine([Span(look.glyphs.vertical + " ", look[.muted]), Span(evidence.text, look[.code])], hanging: 2).wrapped(
                to: columns)
        }
        lines += Markdown.lines(model.say(finding.why), columns: columns, look: look)
        let own = CureUpdate.remedy(model)
        let cures = ShownCures(finding.remedies.filter(\.applies), all: model.walkthrough.showsAllCures)
        for remedy in cures.remedies {
            lines += Markdown.lines("- " + model.say(remedy.text), columns: columns, look: look)
            for command in remedy.shown {
                lines += RichLine([Span("  $ ", look[.muted]), Span(command, look[.command])], hanging: 4).wrapped(to: columns)
            }
            if remedy == own { lines += Markdown.lines("  " + model.say(.cureKey), columns: columns, look: look) }
        }
        return lines + cures.note(model, columns: columns)
    }
}
