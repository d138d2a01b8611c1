package import LabFile
package import LabRunner
package import LabSupport

/// Resets tasks: removes what they made, and records that nothing of them counts any more. The student's own files stay.
package struct LabReset: Sendable {
    /// The tasks that begin again.
    package let tasks: [TaskID]
    /// Everything that is removed: containers and images of this workspace, and the files that the tasks' checks name.
    package let objects: [WorkspaceObject]
    /// Why services and a swarm of the tasks may be missing from the objects. Nil if none of the tasks has made such.
    package let unseen: LabError?
    /// Files that the student wrote. They stay.
    package let ownFiles: [String]
    /// The tasks whose services and swarm can't be seen, and so not be removed.
    private let hidden: Set<TaskID>
    private let lab: OpenedLab
    /// Nil if none of the tasks needs an engine.
    private let engine: WorkspaceObjects?

    /// Finds what a selection made in the workspace. Nothing is changed yet. Throws `workspace.busy` while a run is active.
    package init(_ lab: OpenedLab, _ selection: String, options: RunOptions) async throws {
        try await self.init(lab, lab.tasks(selection), options: options)
    }

    /// The same for these tasks.
    package init(_ lab: OpenedLab, _ tasks: [TaskID], options: RunOptions) async throws {
        try lab.refuseWhileBusy()
        let run = try await lab.inspection(lab.progress, options: options).run
        let filled = run.spec.tasks.filter { tasks.contains($0.id) }
        // A task that needs no engine made nothing on it.
        let docker = lab.spec.needsEngine(tasks) ? try await run.docker : nil
        engine = docker.map { WorkspaceObjects($0, lab.workspace, environment: lab.environment) }
        let found = try await engine?.look(of: (lab.spec.id, Set(tasks)))
        objects = (found?.objects ?? []) + lab.workspace.files(of: filled, lab: lab.spec.id)
        hidden = found?.unseen != nil && lab.workspace.hasRunOnSwarm ? Set(filled.filter(\.usesSwarm).map(\.id)) : []
        unseen = hidden.isEmpty ? nil : found?.unseen
        ownFiles = filled.flatMap(\.action.exhibits).compactMap { if case .own(let path) = $0 { path } else { nil } }
        self.tasks = tasks
        self.lab = lab
    }

    /// What came of a reset.
    package struct Outcome: Sendable {
        /// The tasks that begin again.
        package var tasks: [TaskID]
        /// What could not be removed. Its tasks stay as they were.
        package var left: [(object: WorkspaceObject, reason: LabError)]
    }

    /// Holds the workspace, removes the objects, and records as reset the tasks of which nothing is left, as far as it can be seen. If it's
    /// cancelled, it throws and records nothing: what is gone by then, the next look finds.
    package func perform() async throws -> Outcome {
        let lock = try WorkspaceLock(lab.workspace, run: nil)
        defer { withExtendedLifetime(lock) {} }
        var left = try await engine?.remove(objects) ?? []
        for file in objects where file.kind == .file {
            if let reason = lab.workspace.delete(file) { left.append((file, reason)) }
        }
        let reset = tasks.filter { task in !hidden.contains(task) && !left.contains { $0.object.task == task } }
        try WorkspaceJournal(lab.workspace, lab: lab.spec.id).append(
            reset.map { task in (task, .taskReset(TaskReset(removed: objects.filter { $0.task == task }.map(\.name)))) })
        return Outcome(tasks: reset, left: left)
    }
}
