package import LabFile
package import LabRunner
import LabSupport

extension OpenedLab {
    /// Records what the student expects of a task.
    package func answer(_ answer: QuestionAnswered, of task: TaskID) throws {
        try WorkspaceJournal(workspace, lab: spec.id).append(.questionAnswered(answer), task: task)
    }

    /// Records that the student opened a hint.
    package func open(_ hint: HintOpened, of task: TaskID) throws {
        try WorkspaceJournal(workspace, lab: spec.id).append(.hintOpened(hint), task: task)
    }

    /// The lab's terms. Nil if the lab has no glossary.
    package func glossary() throws -> LabGlossary? { try spec.readGlossary() }

    /// The words of the lab's commands. Nil if the lab explains none.
    package func explainedCommands() throws -> LabCommands? { try spec.readCommands() }
}

extension LabSpec {
    /// Reads the lab's terms. Nil if it has no glossary.
    package func readGlossary() throws -> LabGlossary? {
        try glossary.map { try LabGlossary(PathBelow($0, in: directory)) }
    }

    /// Reads the explanations of the lab's commands. Nil if it has none.
    package func readCommands() throws -> LabCommands? {
        try commands.map { try LabCommands(PathBelow($0, in: directory)) }
    }
}
