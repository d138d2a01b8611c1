package import LabFile
package import LabRunner
package import LabSupport

/// Resets tasks: takes away what they made, and records that nothing of them counts any more.
package struct LabReset: Sendable {
    private let workspace: Workspace
    private let lab: String

    package init(_ workspace: Workspace, lab: String) {
        self.workspace = workspace
        self.lab = lab
    }

    /// Holds the workspace, removes, and records the tasks as reset. Returns what `remove` says is left.
    package func carryOut(
        _ tasks: [TaskID], _ objects: [WorkspaceObject],
        _ remove: () async -> [(object: WorkspaceObject, reason: LabError)]
    ) async throws -> [(object: WorkspaceObject, reason: LabError)] {
        let lock = try WorkspaceLock(workspace, run: WorkspaceLock.noRun)
        defer { withExtendedLifetime(lock) {} }
        let left = await remove()
        let gone = objects.filter { object in !left.contains { $0.object == object } }
        try WorkspaceJournal(workspace, lab: lab).append(
            tasks.map { task in (task, .taskReset(TaskReset(removed: gone.filter { $0.task == task }.map(\.name)))) })
        return left
    }
}
