package import LabFile
package import LabRunner
package import LabSupport

/// Resets tasks: removes what they made, and records that nothing of them counts any more. The student's own files stay.
package struct LabReset: Sendable {
    /// The tasks that begin again.
    package let tasks: [TaskID]
    /// Everything that is removed: containers and images of this workspace, and the files that the tasks' checks name.
    package let objects: [WorkspaceObject]
    /// Files that the student wrote. They stay.
    package let ownFiles: [String]
    private let lab: OpenedLab
    private let engine: WorkspaceObjects

    /// Finds what a selection made in the workspace. Nothing is changed yet. Throws `workspace.busy` while a run is active.
    package init(_ lab: OpenedLab, _ selection: String, options: RunOptions) async throws {
        try await self.init(lab, lab.tasks(selection), options: options)
    }

    /// The same for these tasks.
    package init(_ lab: OpenedLab, _ tasks: [TaskID], options: RunOptions) async throws {
        try lab.refuseWhileBusy()
        let run = try await lab.inspection(lab.progress, options: options).run
        let filled = run.spec.tasks.filter { tasks.contains($0.id) }
        engine = WorkspaceObjects(try await run.docker, lab.workspace, environment: lab.environment)
        objects = try await engine.list(of: (lab.spec.id, Set(tasks))) + lab.workspace.files(of: filled, lab: lab.spec.id)
        ownFiles = filled.flatMap(\.action.exhibits).compactMap { if case .own(let path) = $0 { path } else { nil } }
        self.tasks = tasks
        self.lab = lab
    }

    /// Holds the workspace, removes the objects, and records the tasks as reset. Returns what is left, with the reasons.
    package func carryOut() async throws -> [(object: WorkspaceObject, reason: LabError)] {
        let lock = try WorkspaceLock(lab.workspace, run: WorkspaceLock.noRun)
        defer { withExtendedLifetime(lock) {} }
        var left = await engine.remove(objects)
        for file in objects where file.kind == .file {
            if let reason = lab.workspace.delete(file) { left.append((file, reason)) }
        }
        let gone = objects.filter { object in !left.contains { $0.object == object } }
        try WorkspaceJournal(lab.workspace, lab: lab.spec.id).append(
            tasks.map { task in (task, .taskReset(TaskReset(removed: gone.filter { $0.task == task }.map(\.name)))) })
        return left
    }
}
