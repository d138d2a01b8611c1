import Glibc
package import LabRunner

/// Ends the active run of a workspace, in whichever terminal it was started.
package struct Stop: Sendable {
    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// Asks the runner to cancel and clean up, or ends it at once. With `run`, only if that run is active. Returns the run's number. Nil if
    /// none is active.
    @discardableResult package func ask(run wanted: Int? = nil, atOnce: Bool) -> Int? {
        // A process that holds the workspace without a run, such as a reset, is done in a moment. It may be the walkthrough itself.
        guard let holder = WorkspaceLock.holder(of: workspace), let run = holder.run, wanted == nil || wanted == run else { return nil }
        // A holder that hasn't written its name yet has 0, which would mean this process's own group.
        if holder.pid > 1 { kill(holder.pid, atOnce ? SIGKILL : SIGTERM) }
        return run
    }

    /// The same, and waits until the runner is gone.
    package func end(atOnce: Bool) async throws -> Int? {
        guard let run = ask(atOnce: atOnce) else { return nil }
        while WorkspaceLock.holder(of: workspace)?.run == run { try await Task.sleep(for: .milliseconds(50)) }
        return run
    }
}
