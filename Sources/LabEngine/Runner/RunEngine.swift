package import ContainerEngine
import Glibc
package import HTTPTransport
import LabSupport

/// The engine of a run, looked for by the first task that needs one: what needs none is done without. It is looked for once; where none
/// answered, every task that needs it fails of that.
package final class RunEngine: Sendable {
    /// What is known once it answered.
    private struct Connected: Sendable {
        var docker: DockerClient
        var containerUser: String?
    }

    private let search: Once<Connected>
    private let connected: Locked<Connected?>

    /// An engine that is still to be found, in the way of `EngineFinder`. `found` is told of it.
    package init(
        http: any HTTPClient, environment: [String: String], found tell: @escaping @Sendable (EngineConnected) -> Void = { _ in }
    ) {
        let connected = Locked<Connected?>(nil)
        self.connected = connected
        search = Once {
            let found = try await EngineFinder.find(http: http, environment: environment)
            let kind = EngineKind(ping: found.docker.ping, info: try await found.docker.info())
            let user = RunContext.containerUser(id: getuid(), group: getgid(), engine: kind)
            let result = Connected(docker: found.docker, containerUser: user)
            connected.withLock { $0 = result }
            tell(found.event)
            return result
        }
    }

    /// One that answered already.
    package init(_ docker: DockerClient, containerUser: String? = nil) {
        let result = Connected(docker: docker, containerUser: containerUser)
        connected = Locked(result)
        search = Once { result }
    }

    /// A client for it. Throws why there is none, the same for everybody who asks.
    package var client: DockerClient {
        get async throws {
            if let known = connected.withLock({ $0 }) { return known.docker }
            return try await search.value().docker
        }
    }

    /// Where it listens; nil before it answered.
    package var endpoint: Endpoint? { connected.withLock { $0 }?.docker.endpoint }

    /// The user that containers run as where the lab names none; nil: the image's own, or no engine was asked yet.
    package var containerUser: String? { connected.withLock { $0 }?.containerUser }

    /// Ends a search that is under way.
    package func giveUp() { search.giveUp() }
}
