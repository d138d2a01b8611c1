package import ContainerEngine
package import Diagnosis
import HTTPTransport
import LabRunner
import LabSupport
import PrivateEngine

/// The container engine of this machine: which one answers, and ailab's own if there is none.
package enum EngineControl {
    /// What a start came to.
    package enum Start: Sendable {
        /// An engine answers already.
        case answers(EngineSearch)
        /// ailab's own was started, or ran already.
        case started(pid: Int32, address: String)
        case ran(pid: Int32)
    }

    /// Looks for an engine at every place where one can be.
    package static func search(environment: [String: String]) async -> EngineSearch {
        await EngineFinder.discovery(environment).search(http: CurlHTTPClient.shared)
    }

    /// The command that takes back the user's own choice of an engine. Nil if there is none.
    package static func withdrawal(environment: [String: String]) -> String? { EngineFinder.discovery(environment).withdrawal }

    /// Starts ailab's own engine, unless one answers. Throws `engine.otherDaemon` if another engine runs that a second one would harm.
    package static func start(environment: [String: String]) async throws -> Start {
        let search = await search(environment: environment)
        guard search.found == nil else { return .answers(search) }
        let engine = EngineFinder.privateEngine(environment)
        switch try await engine.start() {
        case .started(let pid): return .started(pid: pid, address: engine.layout.endpoint.dockerHost)
        case .alreadyRunning(let pid): return .ran(pid: pid)
        case .otherEngine(let pid, let endpoint): throw other(pid, endpoint)
        }
    }

    /// Stops ailab's own engine with its containers. Returns false if it didn't run. Throws `workspace.busy` while a run is active in the
    /// workspace, which need not exist.
    package static func stop(home: String, environment: [String: String]) async throws -> Bool {
        if Files.exists("\(home)/lock"), let holder = WorkspaceLock.holder(of: try Workspace(root: home)) {
            throw WorkspaceLock.busy(holder)
        }
        return try await EngineFinder.privateEngine(environment).stop()
    }

    /// Sets keys of docker's configuration file; the rest stays, and what was there is kept in a copy. A value is JSON or a plain word.
    package static func configure(
        _ path: String, _ settings: [String: String], environment: [String: String]
    ) async throws -> DaemonFile.Change {
        var values: [String: JSONValue] = [:]
        for (key, text) in settings { values[key] = try value(text, of: key, in: path) }
        return try await DaemonFile(path, environment: environment).set(values)
    }

    /// Keys whose value is a list even if one word is given.
    private static let lists: Set<String> = ["registry-mirrors", "insecure-registries", "dns", "dns-search", "dns-opts", "exec-opts"]

    private static func value(_ text: String, of key: String, in path: String) throws -> JSONValue {
        if let json = JSONValue(Array(text.utf8)) {
            try DaemonFile.checkNumbers(Array(text.utf8), of: path)
            return json
        }
        guard lists.contains(key) else { return .text(text) }
        return .list(text.split(separator: ",").map { .text(String($0)) })
    }

    private static func other(_ pid: Int32, _ endpoint: Endpoint) -> LabError {
        LabError(
            .engineOtherDaemon,
            Text(
                en:
                    "Another engine runs on this machine (process \(pid)) and answers at \(endpoint.dockerHost). A second one would take its "
                    + "network away, so none was started.",
                zh: "本机已有另一个引擎（进程 \(pid)）在 \(endpoint.dockerHost) 响应。再启动一个会破坏它的网络，因此没有启动。"),
            hint: Text(
                en: "Use that one: `export DOCKER_HOST=\(endpoint.dockerHost)`.", zh: "请直接使用它：`export DOCKER_HOST=\(endpoint.dockerHost)`。")
        )
    }
}
