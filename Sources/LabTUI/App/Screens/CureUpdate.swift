import Diagnosis
import LabFile
import LabRunner
import LabSupport

/// The remedy that the diagnosis proposes, and the question before it's applied.
package enum CureUpdate {
    /// Why the selected task failed: the findings in its run's journal, or else those of the diagnosis here. Failures without a known cause
    /// are left out.
    static func findings(_ model: AppModel) -> [Finding] {
        model.walkthrough.selected.map { findings(of: $0, model) } ?? []
    }

    static func findings(of task: TaskID, _ model: AppModel) -> [Finding] {
        let record = model.lab.progress.records[task]
        if model.lab.state(of: task).isSettled || model.lab.hasEngineReturned(since: task) { return [] }
        var found = record?.findings ?? []
        if found.isEmpty, let known = model.lab.findings[task], known.run == record?.run { found = known.findings }
        // A problem that stopped the last run before its first task also stops every other open task.
        if found.isEmpty { found = model.lab.progress.run?.findings ?? [] }
        return found.filter { $0.cause != Finding.unknown }
    }

    /// The first remedy that ailab can apply here.
    static func remedy(_ model: AppModel) -> Remedy? { model.walkthrough.selected.flatMap { remedy(of: $0, model) } }

    static func remedy(of task: TaskID, _ model: AppModel) -> Remedy? {
        findings(of: task, model).first?.remedies.first(where: \.isRunnable)
    }

    /// The student's file, if the first remedy is to change it.
    static func file(of task: LabTask, _ model: AppModel) -> LabFileAction? {
        guard let file = model.lab.spec?.studentFile(usedBy: task),
            let remedy = findings(of: task.id, model).first?.remedies.first(where: \.applies),
            remedy.file != nil
        else { return nil }
        return file
    }

    /// Shows the commands and asks. `isEnter`: Enter asked for it, so Enter doesn't agree.
    static func ask(_ task: TaskID, isEnter: Bool = false, _ model: inout AppModel) -> [AppEffect] {
        guard model.lab.isIdle else {
            model.tell(.alreadyRunning)
            return []
        }
        guard let remedy = remedy(model), let cause = findings(model).first?.cause else {
            model.tell(.noCure)
            return []
        }
        // A remedy can be several sentences, which a title would cut.
        var lines = [remedy.text, Text(verbatim: "")] + remedy.shown.map { Text(verbatim: "$ " + $0) }
        if let changes = remedy.changes { lines.append(joined(.cureChanges, changes)) }
        if let undo = remedy.undo { lines.append(joined(.cureUndo, undo)) }
        let cure = AppEffect.cure(task, cause: cause, remedy)
        let question = Confirmation(title: .cureTitle, lines: lines, answer: .start([cure]), needsLetter: isEnter)
        model.overlays.append(.confirm(question))
        return []
    }

    private static func joined(_ word: Text, _ text: Text) -> Text {
        Text(en: "\(word.en) \(text.en)", zh: "\(word.zh)\(text.zh)")
    }
}
