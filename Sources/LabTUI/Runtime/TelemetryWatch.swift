import LabFile
import LabRunner
import Telemetry

/// Samples for the walkthrough: first those that the active run has recorded, and then live ones.
struct TelemetryWatch: Sendable {
    private let workspace: Workspace
    private let environment: [String: String]
    private let spec: LabSpec?

    /// `spec` is the lab as it was read from its file.
    init(_ workspace: Workspace, _ environment: [String: String], _ spec: LabSpec?) {
        self.workspace = workspace
        self.environment = environment
        self.spec = spec
    }

    func run(_ send: Services.Send) async {
        if let run = WorkspaceLock.holder(of: workspace)?.run, run > 0,
            let recorded = try? TelemetryRecord.newest(TelemetryHistory.capacity, of: workspace.run(run).telemetry), !recorded.isEmpty
        {
            send(.telemetry(recorded))
        }
        let news = WorkspaceNews(workspace)
        let filled = spec.flatMap { LabTelemetry.filled($0, workspace: workspace, environment: environment) }
        let lab = LabTelemetry(environment: environment, folder: workspace.root, spec: filled) { news.read() }
        for await sample in lab.sampler.samples() { send(.telemetry([sample])) }
    }
}
