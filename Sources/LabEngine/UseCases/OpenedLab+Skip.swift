package import LabFile
import LabRunner

extension OpenedLab {
    /// Marks a task as skipped, or takes the mark away. It needs no engine, and works while a run is active.
    package func skip(_ task: TaskID, isSkipped: Bool) throws {
        let happened = isSkipped ? EventPayload.taskSkipped(TaskSkipped()) : .taskUnskipped(TaskUnskipped())
        try WorkspaceJournal(workspace, lab: spec.id).append(happened, task: task)
    }
}
