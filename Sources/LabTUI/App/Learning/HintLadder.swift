package import LabFile
import LabRunner
import LabSupport

/// The hints of a task, from a question to the solution, and how far the student climbed.
package struct HintLadder {
    /// The task whose hints help with the selected one: itself, or the one in which its file is written.
    package let task: LabTask
    /// How many hints are open.
    package let opened: Int

    package init(_ task: LabTask, _ model: AppModel) {
        self.task = model.lab.spec?.helper(of: task) ?? task
        let recorded = model.lab.progress.help.hints[self.task.id]?.number ?? 0
        let solution = model.walkthrough.showsReference.contains(self.task.id) ? self.task.hintCount : 0
        opened = min(self.task.hintCount, max(recorded, model.walkthrough.hints[self.task.id] ?? 0, solution))
    }

    /// How much the next hint gives away. Nil if all are open.
    package var next: LabHint.Level? {
        if opened < task.hints.count { return task.hints[opened].level }
        return opened < task.hintCount ? .answer : nil
    }

    /// The reference solution is open.
    package var showsReference: Bool { task.hasReference && opened == task.hintCount }

    /// The record of opening the next hint.
    var opening: HintOpened? { next.map { HintOpened(number: opened + 1, all: task.hintCount, level: $0) } }
}

/// Opens hints.
enum HintUpdate {
    /// The next hint. A solution comes only after a question.
    static func next(_ selected: LabTask, _ model: inout AppModel) -> [AppEffect] {
        let ladder = HintLadder(selected, model)
        guard ladder.task.hintCount > 0 else {
            model.tell(.noHints)
            return []
        }
        guard ladder.next == .answer else { return open(ladder, &model) }
        let question = ladder.task.studentFile.map { SolutionWords.question(ladder.task.id, $0) }
        model.overlays.append(.confirm(question ?? SolutionWords.question(ladder.task.id)))
        return []
    }

    /// Opens the next hint, whatever it gives away.
    static func agreed(_ id: TaskID, _ model: inout AppModel) -> [AppEffect] {
        guard let task = model.lab.spec?.task(id) else { return [] }
        return open(HintLadder(task, model), &model)
    }

    private static func open(_ ladder: HintLadder, _ model: inout AppModel) -> [AppEffect] {
        var effects: [AppEffect] = []
        if let opening = ladder.opening {
            model.walkthrough.hints[ladder.task.id] = opening.number
            if opening.number > ladder.task.hints.count { model.walkthrough.showsReference.insert(ladder.task.id) }
            effects.append(.openHint(ladder.task.id, opening))
        }
        return effects + WalkthroughUpdate.show(.files, &model) + WalkthroughUpdate.showFiles(&model)
    }
}
