import Glibc

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
        let kind =
            switch EngineKind(ping: found.ping).maker {
            case .docker: "docker"
            case .podman: "podman"
            case .other(let name): name.isEmpty ? "engine" : name
            }
        let version = (try? await docker.info().serverVersion) ?? "?"
        return Found(
            docker: docker, origin: found.origin,
            event: EngineConnected(
                endpoint: found.endpoint.dockerHost, kind: kind, version: version, apiVersion: docker.version.description,
                isPrivate: found.origin == .ailab))
    }

    /// Where to look, ailab's own engine included.
    package static func discovery(_ environment: [String: String]) -> EngineDiscovery {
        EngineDiscovery(
            environment: environment, home: environment["HOME"] ?? "/", uid: getuid(),
            privateSocket: PrivateEngineLayout.standard(environment: environment).socket)
    }
}
