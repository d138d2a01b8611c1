package import ContainerEngine
package import Diagnosis
import Glibc
package import HTTPTransport
import HostFacts
import LabSupport
package import PrivateEngine

/// Finds the engine that a run uses.
package enum EngineFinder {
    /// An engine that answered.
    package struct Found: Sendable {
        package var docker: DockerClient
        package var origin: EngineCandidate.Origin
        /// What it says of itself. Nil if it didn't say it.
        package var info: EngineInfo?
        package var event: EngineConnected
    }

    /// The first engine that answers, or the error of the engine that is closest to working.
    package static func find(http: any HTTPClient, environment: [String: String]) async throws -> Found {
        let (docker, origin) = try await first(http: http, environment: environment)
        let info = try? await docker.info()
        return Found(
            docker: docker, origin: origin, info: info,
            event: EngineConnected(
                endpoint: docker.endpoint.dockerHost, kind: EngineKind(ping: docker.ping).name, version: info?.serverVersion ?? "?",
                apiVersion: docker.version.description,
                isPrivate: origin == .ailab))
    }

    /// The same engine, without asking what it says of itself. That would take longer than everything else.
    static func client(http: any HTTPClient, environment: [String: String]) async throws -> DockerClient {
        try await first(http: http, environment: environment).docker
    }

    private static func first(
        http: any HTTPClient, environment: [String: String]
    ) async throws -> (docker: DockerClient, origin: EngineCandidate.Origin) {
        let search = await discovery(environment).search(http: http)
        guard let found = search.found else {
            throw search.failure ?? LabError(.engineMissing, Text(en: "No engine answers.", zh: "没有响应的引擎。"))
        }
        return (DockerClient(http: http, endpoint: found.endpoint, ping: found.ping), found.origin)
    }

    /// The facts that cures depend on, for a command that someone typed. An engine counts if it answers within two seconds. ailab's own
    /// engine doesn't count, because clients don't use it by default.
    package static func facts(http: any HTTPClient, environment: [String: String]) async -> RemedyFacts {
        let engine: EngineKind? = await Deadline.value(.seconds(2)) {
            let found = try await find(http: http, environment: environment)
            guard found.origin != .ailab else { throw CancellationError() }
            return found.info.map { EngineKind(ping: found.docker.ping, info: $0) } ?? EngineKind(ping: found.docker.ping)
        }
        return RemedyFacts.read(environment: environment, engine: engine)
    }

    /// A client for the engine of a run: the one at this address if the address is complete, or else the first that answers.
    package static func reach(_ endpoint: String?, http: any HTTPClient, environment: [String: String]) async throws -> DockerClient {
        if let endpoint, endpoint.hasPrefix("unix://"), let place = try? Endpoint(dockerHost: endpoint) {
            do {
                return try await DockerClient.connect(http: http, endpoint: place)
            } catch {
                throw LabError(engine: error, at: place)
            }
        }
        return try await find(http: http, environment: environment).docker
    }

    /// The engine that ailab starts itself if there is no other.
    package static func privateEngine(_ environment: [String: String]) -> PrivateEngine {
        let mirrors = HostNetwork.read(environment: environment).registryMirrors?.value ?? []
        return PrivateEngine(
            layout: .standard(environment: environment), options: PrivateEngineOptions(registryMirrors: mirrors),
            http: CurlHTTPClient.shared,
            environment: environment)
    }

    /// The places to look for an engine, including ailab's own.
    package static func discovery(_ environment: [String: String]) -> EngineDiscovery {
        EngineDiscovery(
            environment: environment, home: HomeFolder.path(environment), uid: getuid(),
            privateSocket: PrivateEngineLayout.standard(environment: environment).socket)
    }
}
