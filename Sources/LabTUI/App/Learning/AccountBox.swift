import LabFile
import LabRunner
import LabSupport

/// What the student showed with a step, and what the step doesn't show.
package struct AccountLines {
    private let account: StepAccount?
    private let model: AppModel

    package init(_ step: Int, _ model: AppModel) {
        self.model = model
        account = model.lab.spec?.steps.first { $0.number == step }.map { StepAccount($0, model.lab.progress) }
    }

    package func lines(columns: Int) -> [RichLine] {
        guard let account, !account.isEmpty else { return [RichLine(model.say(LearningWords.noAccount), model.look[.muted])] }
        let look = model.look
        var lines = [RichLine("\(account.step.number) \(model.say(account.step.title))", look[.strong]), RichLine([])]
        for line in account.lines {
            let mark = line.isProved ? Span(look.glyphs.done + " ", look[.good]) : Span(look.glyphs.open + " ", look[.muted])
            let note = line.isProved ? "" : " " + model.say(LearningWords.notYetShown)
            lines += marked(mark, model.say(line.text) + note, columns)
            for evidence in line.evidence {
                lines += RichLine([Span("  " + model.say(evidence), look[.muted])], hanging: 2).wrapped(to: columns)
            }
        }
        guard !account.limits.isEmpty else { return lines }
        lines += [RichLine([]), RichLine(model.say(LearningWords.limits), look[.heading])]
        for limit in account.limits {
            lines += marked(Span(look.glyphs.separator + " ", look[.muted]), model.say(limit), columns)
        }
        return lines
    }

    /// A sentence behind a mark.
    private func marked(_ mark: Span, _ text: String, _ columns: Int) -> [RichLine] {
        Markdown.lines(text, columns: columns - 2, look: model.look).enumerated().map { index, line in
            RichLine([index == 0 ? mark : Span("  ")] + line.spans)
        }
    }
}

/// Opens the account of a step.
enum AccountUpdate {
    static func open(_ step: Int?, _ model: inout AppModel) -> [AppEffect] {
        if let step = step ?? model.walkthrough.selected?.step { model.overlays.append(.account(step: step, offset: 0)) }
        return []
    }

    /// Steps that were over when the walkthrough began aren't told.
    static func begun(_ model: inout AppModel) { model.walkthrough.toldSteps = finished(model) }

    /// A run has ended. If it ended a step, that's the moment to say what was shown with it.
    static func ended(_ model: inout AppModel) {
        let finished = finished(model)
        let new = finished.subtracting(model.walkthrough.toldSteps).max()
        model.walkthrough.toldSteps.formUnion(finished)
        guard let new, model.settings.demoSpeed == nil, model.overlays.isEmpty,
            let step = model.lab.spec?.steps.first(where: { $0.number == new }), !StepAccount(step, model.lab.progress).isEmpty
        else { return }
        model.overlays.append(.account(step: new, offset: 0))
    }

    private static func finished(_ model: AppModel) -> Set<Int> {
        let steps = (model.lab.spec?.steps ?? []).filter { step in step.tasks.allSatisfy { model.lab.state(of: $0.id).isSettled } }
        return Set(steps.map(\.number))
    }
}
