import ContainerEngine
import HTTPTransport
import InferenceServer
package import LabFile
import LabSupport
package import Telemetry

/// Everything that a sampler needs for a lab: the engine, its servers, and the journal of the active run.
package struct LabTelemetry: Sendable {
    package let sender: String
    private let environment: [String: String]
    private let folder: String
    private let interval: Duration
    private let serverPace: Duration
    private let spec: LabSpec?
    /// How to start a stopped server again, by its name.
    private let restarts: [String: String]
    private let schedulers: SchedulerOptions
    private let news: @Sendable () -> TelemetryNews

    /// `spec` is the lab with its variables filled in. If it's nil, no servers are asked. `folder` is the workspace, whose disk is
    /// measured. `sender` is the name of this program in the list of those that send requests. `restarts` has the command that starts each
    /// stopped server again. `schedulers` says whether a cluster that this machine is a client of is asked, too.
    package init(
        sender: String = "ailab", environment: [String: String], folder: String, interval: Duration = .seconds(1),
        serverPace: Duration = .seconds(2),
        spec: LabSpec? = nil, restarts: [String: String] = [:], schedulers: SchedulerOptions = SchedulerOptions(),
        news: @escaping @Sendable () -> TelemetryNews = { TelemetryNews() }
    ) {
        self.sender = sender
        self.environment = environment
        self.folder = folder
        self.interval = interval
        self.serverPace = serverPace
        self.spec = spec
        self.restarts = restarts
        self.schedulers = schedulers
        self.news = news
    }

    /// The lab with the variables of its last run, which the servers' names and ports depend on. Nil if that run doesn't say them.
    package static func filled(_ raw: LabSpec, workspace: Workspace, environment: [String: String]) -> LabSpec? {
        let options = LabProgress(workspace, lab: raw.id).options
        let builtIns = BuiltIns.values(workspace, lab: raw, device: "cpu", environment: environment)
        return try? raw.filled(
            by: Template(LabVariables.resolve(spec: raw, set: options.set, quick: options.quick, builtIns: builtIns)))
    }

    /// A sampler for all of this.
    package var sampler: TelemetrySampler {
        var options = TelemetryOptions()
        options.interval = interval
        options.serverPace = serverPace
        options.folder = folder
        options.home = folder
        options.sender = sender
        options.taskLabel = Label.task
        options.schedulers = schedulers
        let connect = { @Sendable [environment] in try await EngineFinder.client(http: CurlHTTPClient.shared, environment: environment) }
        let targets = (spec?.servers ?? []).map { Self.target($0, restart: restarts[$0.name], connect) }
        let clusters = (spec?.schedulers ?? []).map {
            SchedulerTarget(name: $0.name, title: $0.title, kind: $0.kind, container: $0.container)
        }
        return TelemetrySampler(options, connect: connect, servers: targets, schedulers: clusters, news: news)
    }

    /// The commands that start the servers of a lab again that were started before.
    package static func restarts(_ spec: LabSpec, _ progress: LabProgress) -> [String: String] {
        var commands: [String: String] = [:]
        for server in spec.servers {
            guard let task = spec.lastUse(of: server.name), progress.state(of: task).isDone else { continue }
            commands[server.name] = progress.options.commandAgain(task)
        }
        return commands
    }

    private static func target(
        _ server: LabServer, restart: String?, _ connect: @escaping @Sendable () async throws -> DockerClient
    ) -> ServerTarget {
        let stopped = restart.map { command in
            Absence(
                "torchserve.stopped",
                Text(en: "Not running. `\(command)` starts it again.", zh: "未运行。`\(command)` 可重新启动它。"))
        }
        return ServerTarget(name: server.name, container: server.container, stopped: stopped) {
            let docker = try await connect()
            return TorchServeClient(
                http: docker.http, addresses: server.addresses, keys: try await ServerAccess.keys(of: server, docker))
        }
    }
}
