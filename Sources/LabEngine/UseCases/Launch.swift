package import LabRunner
import LabSupport

/// Starts runs: each is a process of its own, which goes on when whoever watches it leaves.
package struct Launch: Sendable {
    private let workspace: Workspace
    private let labFile: String
    private let environment: [String: String]?

    /// A run that was started.
    package struct Started: Sendable {
        package var folder: RunFolder
        /// The runner process, a child of this one.
        package var pid: Int32
    }

    /// `environment` is the runner's; nil: this process's own.
    package init(_ workspace: Workspace, labFile: String, environment: [String: String]? = nil) {
        self.workspace = workspace
        self.labFile = labFile
        self.environment = environment
    }

    /// Starts a run of `selection`: `3`, `4.5`, `2-4` or `all`. Throws `workspace.busy` if another run is active.
    package func start(_ selection: String, _ options: RunOptions) throws -> Started {
        if let holder = WorkspaceLock.holder(of: workspace) { throw WorkspaceLock.busy(holder) }
        let folder = try workspace.makeRun()
        let request = RunRequest(
            workspace: workspace.root, labFile: labFile, run: folder.number, selection: selection, options: options)
        return Started(folder: folder, pid: try RunLauncher.launch(request, folder: folder, environment: environment))
    }
}
