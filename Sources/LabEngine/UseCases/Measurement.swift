package import LabFile
package import LabRunner
import LabSupport
package import Telemetry

/// Measures what the machine, its GPUs, the containers and the lab's servers do.
package enum Measurement {
    /// Samples for `ailab top`, until nobody reads them any more. Looking at a machine doesn't make a workspace, and needs no lab.
    package static func live(
        home: String, labFile: String?, interval: Double, environment: [String: String]
    ) -> AsyncStream<TelemetrySample> {
        let workspace = Files.isDirectory("\(home)/runs") ? try? Workspace(root: home) : nil
        let raw = labFile.flatMap { try? LabSpecLoader.spec(path: $0) }
        var spec: LabSpec?
        if let workspace, let raw { spec = LabTelemetry.filled(raw, workspace: workspace, environment: environment) }
        let news = workspace.map { WorkspaceNews($0) }
        var restarts: [String: String] = [:]
        if let workspace, let spec { restarts = LabTelemetry.restarts(spec, LabProgress(workspace, lab: spec.id)) }
        return LabTelemetry(
            sender: "top", environment: environment, folder: home, interval: .milliseconds(Int(interval * 1000)), spec: spec,
            restarts: restarts, schedulers: schedulers(environment)
        ) {
            news?.read() ?? TelemetryNews()
        }.sampler.samples()
    }

    /// Samples for the walkthrough: first those that the active run has recorded already, in one batch, then what happens from now on.
    /// `spec` is the lab as its file says it; `recordedLimit` is the largest number of recorded samples.
    package static func batches(
        _ workspace: Workspace, _ spec: LabSpec?, recordedLimit: Int, environment: [String: String], _ take: ([TelemetrySample]) -> Void
    ) async {
        if let run = WorkspaceLock.holder(of: workspace)?.run,
            let recorded = try? TelemetryRecord.newest(recordedLimit, of: workspace.run(run).telemetry), !recorded.isEmpty
        {
            take(recorded)
        }
        let news = WorkspaceNews(workspace)
        let filled = spec.flatMap { LabTelemetry.filled($0, workspace: workspace, environment: environment) }
        let lab = LabTelemetry(
            environment: environment, folder: workspace.root, spec: filled, schedulers: schedulers(environment)
        ) { news.read() }
        for await sample in lab.sampler.samples() { take([sample]) }
    }

    /// A person who looks also sees the cluster that this machine is a client of.
    private static func schedulers(_ environment: [String: String]) -> SchedulerOptions {
        var options = SchedulerOptions()
        options.environment = environment
        return options
    }

    /// How much of a recording is wanted.
    package enum Extent: Sendable {
        case all
        case newest(Int)
        /// So many samples, spread over the whole time.
        case overview(Int)
    }

    /// What was recorded of a run. Throws `usage.run` if nothing was.
    package static func recorded(run number: Int, in workspace: Workspace, _ extent: Extent) throws -> [TelemetrySample] {
        let path = workspace.run(number).telemetry
        // Only a missing file means that nothing was recorded; one that may not be read is an error of its own.
        guard Files.exists(path) else { throw unrecorded(number) }
        let samples =
            switch extent {
            case .all: try TelemetryRecord.samples(path)
            case .newest(let count): try TelemetryRecord.newest(count, of: path)
            case .overview(let count): try TelemetryRecord.overview(count, of: path)
            }
        guard !samples.isEmpty else { throw unrecorded(number) }
        return samples
    }

    private static func unrecorded(_ number: Int) -> LabError {
        LabError(
            .usageRun, Text(en: "Nothing was recorded of run \(number).", zh: "没有运行 \(number) 的记录。"),
            hint: Text(en: "`ailab logs` shows the latest run.", zh: "`ailab logs` 会显示最近一次运行。"))
    }
}

/// Serves the newest sample as OpenMetrics, as long as it is held.
package final class MeasurementPage: Sendable {
    private let page: Locked<String>
    private let listener: MetricsListener

    package init(host: String, port: Int) throws {
        let page = Locked(OpenMetricsText(TelemetrySample(time: 0)).text)
        self.page = page
        listener = try MetricsListener(host: host, port: port) { page.withLock { $0 } }
    }

    /// The port that it listens on.
    package var port: Int { listener.port }

    package func show(_ sample: TelemetrySample) {
        let text = OpenMetricsText(sample).text
        page.withLock { $0 = text }
    }
}
