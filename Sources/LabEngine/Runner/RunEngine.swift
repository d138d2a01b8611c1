package import ContainerEngine
import Glibc
package import HTTPTransport
import LabSupport

/// The engine of a run. The first task that needs an engine starts the search, so other tasks run without one. The search runs only once.
/// If no engine answers, every task that needs one fails with that error.
package final class RunEngine: Sendable {
    /// Facts about an engine that answered.
    private struct Connected: Sendable {
        var docker: DockerClient
        /// What it said of itself when it answered. It takes the engine some ten milliseconds, so nobody asks twice.
        var info: EngineInfo?
        var containerUser: String?
    }

    private let search: Once<Connected>
    private let connected: Locked<Connected?>
    /// How long the engine may be away. Zero if nobody waits for it.
    let returnTimeout: Duration
    /// Since when it has been away. Shared by the tasks of a run, so that together they wait only once.
    let absence = Locked(EngineAbsence.none)

    /// An engine that `EngineFinder` still has to find. It calls `found` with the result.
    package init(
        http: any HTTPClient, environment: [String: String], returnTimeout: Duration = .zero,
        found tell: @escaping @Sendable (EngineConnected) -> Void = { _ in }
    ) {
        self.returnTimeout = returnTimeout
        let connected = Locked<Connected?>(nil)
        self.connected = connected
        search = Once {
            let found = try await EngineFinder.find(http: http, environment: environment)
            // An engine that can't say what it is can't be used either.
            let info = if let said = found.info { said } else { try await found.docker.info() }
            if let host = RemoteEngine.host(endpoint: found.docker.endpoint, info: info, this: .this) { throw RemoteEngine.error(host) }
            let kind = EngineKind(ping: found.docker.ping, info: info)
            let user = RunContext.containerUser(id: getuid(), group: getgid(), engine: kind)
            let result = Connected(docker: found.docker, info: info, containerUser: user)
            connected.withLock { $0 = result }
            tell(found.event)
            return result
        }
    }

    /// An engine that has already answered.
    package init(_ docker: DockerClient, containerUser: String? = nil, returnTimeout: Duration = .zero) {
        self.returnTimeout = returnTimeout
        let result = Connected(docker: docker, containerUser: containerUser)
        connected = Locked(result)
        search = Once { result }
    }

    /// A client for it. Throws if there is none. All callers get the same error.
    package var client: DockerClient {
        get async throws {
            if let known = connected.withLock({ $0 }) { return known.docker }
            return try await search.value().docker
        }
    }

    /// What it says of itself. Throws if there is none.
    package var info: EngineInfo {
        get async throws {
            let docker = try await client
            if let said = connected.withLock({ $0 })?.info { return said }
            return try await docker.info()
        }
    }

    /// A client for it, if it has answered before. It may be away now.
    var known: DockerClient? { connected.withLock { $0 }?.docker }

    /// What it says it is. Nil before it has answered.
    package var kind: EngineKind? { connected.withLock { $0 }.map { EngineKind(ping: $0.docker.ping) } }

    /// What it answered to a ping. Nil before it has answered.
    package var ping: PingInfo? { connected.withLock { $0 }?.docker.ping }

    /// Its address. Nil before it has answered.
    package var endpoint: Endpoint? { connected.withLock { $0 }?.docker.endpoint }

    /// The user that containers run as if the lab names none. Nil for the image's own user, or if no engine has been asked yet.
    package var containerUser: String? { connected.withLock { $0 }?.containerUser }

    /// Ends a running search.
    package func giveUp() { search.giveUp() }
}
