import LabSupport
package import Telemetry

/// Reads the events of the active run in a workspace.
package final class WorkspaceNews: Sendable {
    private struct State {
        var run: Int?
        var reader: JournalReader?
        var telemetry = JournalTelemetry()
        var hasLooked = false
    }

    private let workspace: Workspace
    private let state = Locked(State())

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// The telemetry in the active run's journal since the last call.
    package func read() -> TelemetryNews {
        let living = WorkspaceLock.holder(of: workspace)?.run
        return state.withLock { state in
            if let living, living > 0, living != state.run {
                state.run = living
                state.reader = JournalReader(workspace.run(living))
                state.telemetry = JournalTelemetry()
                // Events from before the first call aren't news.
                if !state.hasLooked, let past = state.reader?.readNew() {
                    state.telemetry.take(past)
                    _ = state.telemetry.takeMarks()
                }
            }
            if let events = state.reader?.readNew(), !events.isEmpty { state.telemetry.take(events) }
            if living == nil { state.run = nil }
            state.hasLooked = true
            return TelemetryNews(training: living == nil ? nil : state.telemetry.training, marks: state.telemetry.takeMarks())
        }
    }
}
