import Glibc
package import LabRunner

/// Ends the active run of a workspace, whoever started it.
package struct Stop: Sendable {
    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// Asks the runner to cancel and clean up, or ends it at once. With `run`, only if that one is active. Returns the run that was asked;
    /// nil: none is active.
    @discardableResult package func ask(run: Int? = nil, atOnce: Bool) -> WorkspaceLock.Holder? {
        // What holds the workspace without a run, such as a reset, is over in a moment, and may be the walkthrough itself.
        guard let holder = WorkspaceLock.holder(of: workspace), holder.run != WorkspaceLock.noRun, run == nil || run == holder.run
        else { return nil }
        // 0, a holder that hasn't written its name yet, would mean this process's own group.
        if holder.pid > 1 { kill(holder.pid, atOnce ? SIGKILL : SIGTERM) }
        return holder
    }

    /// The same, and waits until the runner is gone.
    package func end(atOnce: Bool) async throws -> WorkspaceLock.Holder? {
        guard let holder = ask(atOnce: atOnce) else { return nil }
        while WorkspaceLock.holder(of: workspace) == holder { try await Task.sleep(for: .milliseconds(50)) }
        return holder
    }
}
