package import LabFile
package import LabRunner

/// A lab opened in a workspace: most use cases begin with one.
package struct OpenedLab: Sendable {
    package let workspace: Workspace
    /// The lab's file.
    package let file: String
    package let spec: LabSpec
    /// The environment of this use and of every process that it starts.
    package let environment: [String: String]

    package init(_ workspace: Workspace, file: String, spec: LabSpec, environment: [String: String]) {
        self.workspace = workspace
        self.file = file
        self.spec = spec
        self.environment = environment
    }

    /// Reads the lab's file. Throws what is wrong with it.
    package init(_ workspace: Workspace, file: String, environment: [String: String]) throws {
        self.init(workspace, file: file, spec: try HeadStart.spec(of: file), environment: environment)
    }

    /// What the journals say now, those of an active run included.
    package var progress: LabProgress { LabProgress(workspace, spec) }

    /// Looks at the lab's tasks on this machine, under these options.
    package func inspection(_ progress: LabProgress, options: RunOptions) async throws -> LabInspection {
        try await LabInspection(spec, workspace, progress: progress, options: options, environment: environment)
    }

    /// The tasks that a selection names. Throws `usage.*` if it names none.
    package func tasks(_ selection: String) throws -> [TaskID] { try LabGraph(spec).select(selection) }

    /// The same lab in the environment that a cure left, which may name another workspace.
    package func moved(to environment: [String: String]) throws -> OpenedLab {
        guard let home = environment["AILAB_HOME"], home != self.environment["AILAB_HOME"] else {
            return OpenedLab(workspace, file: file, spec: spec, environment: environment)
        }
        return OpenedLab(try Workspace(root: home), file: file, spec: spec, environment: environment)
    }

    /// The address of the active run's engine. Nil if no run is active or it needed no engine so far.
    package var activeEngine: String? {
        guard let run = WorkspaceLock.holder(of: workspace)?.run else { return nil }
        for event in JournalReader.events(of: workspace.run(run), types: ["engineConnected"]).reversed() {
            if case .engineConnected(let engine) = event.payload { return engine.endpoint }
        }
        return nil
    }

    /// Throws `workspace.busy` while a run is active.
    func refuseWhileBusy() throws {
        if let holder = WorkspaceLock.holder(of: workspace) { throw WorkspaceLock.busy(holder) }
    }
}
