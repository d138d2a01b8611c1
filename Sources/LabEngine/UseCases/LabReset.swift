package import LabFile
package import LabRunner
package import LabSupport

/// Resets tasks: removes what they made, and records that nothing of them counts any more. The student's own files stay.
package struct LabReset: Sendable {
    private let workspace: Workspace
    private let run: RunContext
    private let environment: [String: String]

    package init(_ workspace: Workspace, _ inspection: LabInspection, environment: [String: String]) {
        self.workspace = workspace
        self.environment = environment
        run = inspection.run
    }

    /// What a reset of these tasks would remove: containers and images of this workspace, and the files that the tasks' checks name.
    package func find(_ tasks: Set<TaskID>) async throws -> [WorkspaceObject] {
        let files = workspace.files(of: run.spec.tasks.filter { tasks.contains($0.id) }, lab: run.spec.id)
        return try await objects.list(of: (run.spec.id, tasks)) + files
    }

    /// Holds the workspace, removes what `find` found, and records the tasks as reset. Returns what is left, with the reasons.
    package func carryOut(_ tasks: [TaskID], _ found: [WorkspaceObject]) async throws -> [(object: WorkspaceObject, reason: LabError)] {
        let lock = try WorkspaceLock(workspace, run: WorkspaceLock.noRun)
        defer { withExtendedLifetime(lock) {} }
        var left = try await objects.remove(found)
        for file in found where file.kind == .file {
            if let reason = workspace.delete(file) { left.append((file, reason)) }
        }
        let gone = found.filter { object in !left.contains { $0.object == object } }
        try WorkspaceJournal(workspace, lab: run.spec.id).append(
            tasks.map { task in (task, .taskReset(TaskReset(removed: gone.filter { $0.task == task }.map(\.name)))) })
        return left
    }

    private var objects: WorkspaceObjects {
        get async throws { WorkspaceObjects(try await run.docker, workspace, environment: environment) }
    }
}
