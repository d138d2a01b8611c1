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
        package var event: EngineConnected
    }

    /// The first engine that answers, or the failure of the one that is closest to working.
    package static func find(http: any HTTPClient, environment: [String: String]) async throws -> Found {
        let search = await discovery(environment).search(http: http)
        guard let found = search.found else {
            throw search.failure ?? LabError("engine.missing", Text(en: "No engine answers.", zh: "没有引擎应答。"))
        }
        let docker = DockerClient(http: http, endpoint: found.endpoint, ping: found.ping)
        let version = (try? await docker.info().serverVersion) ?? "?"
        return Found(
            docker: docker, origin: found.origin,
            event: EngineConnected(
                endpoint: found.endpoint.dockerHost, kind: EngineKind(ping: found.ping).name, version: version,
                apiVersion: docker.version.description,
                isPrivate: found.origin == .ailab))
    }

    /// What cures depend on here, for a command that somebody typed. The engine counts where one answers within two seconds, except
    /// ailab's own: that is not the one that a client talks to by itself.
    package static func facts(http: any HTTPClient, environment: [String: String]) async -> RemedyFacts {
        let engine: EngineKind? = await Deadline.value(.seconds(2)) {
            let found = try await find(http: http, environment: environment)
            guard found.origin != .ailab else { throw CancellationError() }
            return EngineKind(ping: found.docker.ping, info: try await found.docker.info())
        }
        return RemedyFacts.read(environment: environment, engine: engine)
    }

    /// A client for the engine of a run: that one where its address says all, else the first that answers.
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

    /// The engine that ailab starts itself where there is none.
    package static func privateEngine(_ environment: [String: String]) -> PrivateEngine {
        let mirrors = HostNetwork.read(environment: environment).registryMirrors?.value ?? []
        return PrivateEngine(
            layout: .standard(environment: environment), options: PrivateEngineOptions(registryMirrors: mirrors),
            http: CurlHTTPClient.shared,
            environment: environment)
    }

    /// Where to look, ailab's own engine included.
    package static func discovery(_ environment: [String: String]) -> EngineDiscovery {
        EngineDiscovery(
            environment: environment, home: environment["HOME"] ?? "/", uid: getuid(),
            privateSocket: PrivateEngineLayout.standard(environment: environment).socket)
    }
}
