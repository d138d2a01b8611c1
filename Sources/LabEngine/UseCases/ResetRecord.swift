import Glibc
package import LabFile
package import LabRunner
package import LabSupport

/// Records a reset: a run of its own in the journal's words, so that the history forgets the tasks by the same fold that learned them.
package struct ResetRecord: Sendable {
    private let workspace: Workspace
    private let spec: LabSpec
    private let labFile: String
    private let selection: String
    private let options: RunOptions

    package init(workspace: Workspace, spec: LabSpec, labFile: String, selection: String, options: RunOptions) {
        self.workspace = workspace
        self.spec = spec
        self.labFile = labFile
        self.selection = selection
        self.options = options
    }

    /// Holds the workspace, removes, and records the tasks as reset. Returns what `remove` says is left.
    package func write(
        _ tasks: [TaskID], _ objects: [WorkspaceObject],
        _ remove: () async -> [(object: WorkspaceObject, reason: LabError)]
    ) async throws -> [(object: WorkspaceObject, reason: LabError)] {
        let folder = try workspace.makeRun()
        let lock = try WorkspaceLock(workspace, run: folder.number)
        defer { withExtendedLifetime(lock) {} }
        let journal = try JournalWriter(folder)
        let began = wallClock()
        journal.append(.runStarted(start(folder.number)))
        let left = await remove()
        let gone = objects.filter { object in !left.contains { $0.object == object } }
        for task in tasks {
            journal.append(.taskReset(TaskReset(removed: gone.filter { $0.task == task }.map(\.name))), task: task)
        }
        let exitCode: Int32 = left.isEmpty ? 0 : 1
        journal.append(
            .runFinished(
                RunFinished(
                    outcome: left.isEmpty ? .succeeded : .failed, exitCode: exitCode, seconds: wallClock() - began,
                    error: left.first?.reason)))
        if let failure = journal.failure { throw failure }
        return left
    }

    private func start(_ number: Int) -> RunStarted {
        RunStarted(
            run: number, lab: spec.id, labFile: labFile, version: "", pid: getpid(), selection: "reset \(selection)", options: options,
            tasks: [])
    }
}
