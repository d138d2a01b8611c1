import HTTPTransport

extension DockerClient {
    /// What the engine is in a swarm. An engine that doesn't know swarms is in none. One that is about to begin or to join a swarm gets some
    /// seconds for it.
    package func swarmMembership() async throws -> SwarmMembership {
        var state = try await info().swarm
        for _ in 0..<Self.pendingLooks where state?.localNodeState == "pending" {
            try await Task.sleep(for: .milliseconds(500))
            state = try await info().swarm
        }
        guard let state, let word = state.localNodeState else { return .none }
        switch word {
        case "", "inactive": return .none
        case "active" where state.controlAvailable == true:
            return .manager(try await value(DockerCall(operation: .swarm("inspect"), method: "GET", path: "/swarm")))
        case "active": return .worker
        default: return .unusable(word)
        }
    }

    private static let pendingLooks = 20

    /// Makes the engine the manager of a new swarm that nobody outside of this machine can join. 503 means that the engine is in a swarm
    /// already, or has none to offer.
    package func beginSwarm(labels: [String: String]) async throws {
        let body = NewSwarm(
            listenAddr: "127.0.0.1:2377", advertiseAddr: "127.0.0.1", spec: NewSwarm.Spec(name: "default", labels: labels))
        try await perform(
            DockerCall(
                operation: .swarm("begin"), method: "POST", path: "/swarm/init", body: try Self.json(body), deadline: .work))
    }

    /// Leaves the swarm. If the engine is its only manager, the swarm ends, with its services and networks.
    package func leaveSwarm() async throws {
        var query = HTTPQuery()
        query.append("force", flag: true)
        try await perform(
            DockerCall(operation: .swarm("leave"), method: "POST", path: "/swarm/leave", query: query, deadline: .work))
    }

    /// The nodes of the swarm that the engine manages.
    package func swarmNodes() async throws -> [SwarmNode] {
        try await value(DockerCall(operation: .swarm("list nodes"), method: "GET", path: "/nodes"))
    }

    /// Whether the swarm holds secrets or configs.
    package func hasSwarmValues() async throws -> Bool {
        for kind in ["secrets", "configs"] {
            let values: [SwarmValue] = try await value(DockerCall(operation: .swarm("list \(kind)"), method: "GET", path: "/\(kind)"))
            if !values.isEmpty { return true }
        }
        return false
    }

    private struct SwarmValue: Decodable {
        var id: String

        private enum CodingKeys: String, CodingKey { case id = "ID" }
    }

    private struct NewSwarm: Encodable {
        var listenAddr: String
        var advertiseAddr: String
        var spec: Spec

        struct Spec: Encodable {
            var name: String
            var labels: [String: String]
        }
    }
}

// MARK: - Services

extension DockerClient {
    /// Creates a service, and returns its ID. 409 means that the name is taken.
    package func createService(_ config: ServiceConfig) async throws -> String {
        let created: NewService = try await value(
            DockerCall(
                operation: .service(config.name, verb: "create"), method: "POST", path: "/services/create",
                body: try Self.json(config.wire), deadline: .work))
        return created.id
    }

    /// The services of the swarm. `labels` (`name` or `name=value`) lists only services that have all of them.
    package func services(labels: [String] = []) async throws -> [SwarmService] {
        var query = HTTPQuery()
        if !labels.isEmpty { query.append("filters", try Self.jsonText(["label": labels])) }
        return try await value(DockerCall(operation: .swarm("list services"), method: "GET", path: "/services", query: query))
    }

    /// A service. 404 means that there is none.
    package func service(_ id: String) async throws -> SwarmService {
        try await value(serviceCall(id, "GET", "", verb: "inspect"))
    }

    /// Replaces what a service is. The swarm then replaces its containers one after the other.
    package func updateService(_ id: String, _ config: ServiceConfig) async throws {
        var call = serviceCall(id, "POST", "/update", verb: "update")
        // The engine refuses an update of a service that somebody else has changed meanwhile.
        call.query = ["version": "\(try await service(id).version)"]
        call.body = try Self.json(config.wire)
        call.deadline = .work
        try await perform(call)
    }

    /// Removes a service. Its containers end a moment later.
    package func removeService(_ id: String) async throws {
        var call = serviceCall(id, "DELETE", "", verb: "remove")
        call.deadline = .work
        try await perform(call)
    }

    /// The tasks of a service: those that run, those that are about to, and the last ones before them.
    package func tasks(of service: String) async throws -> [ServiceTask] {
        let query: HTTPQuery = ["filters": try Self.jsonText(["service": [service]])]
        return try await value(DockerCall(operation: .service(service, verb: "list"), method: "GET", path: "/tasks", query: query))
    }

    /// Waits until the tasks of removed services are gone, because their containers still use the networks. A task without a container counts,
    /// too: the engine may be about to create one. If they don't go in time, the network's removal says so.
    package func waitGone(services ids: [String]) async throws {
        guard !ids.isEmpty else { return }
        for _ in 0..<Self.goneLooks {
            let tasks: [ServiceTask] = try await value(DockerCall(operation: .swarm("list tasks"), method: "GET", path: "/tasks"))
            var isGone = !tasks.contains { ids.contains($0.service) }
            for id in ids where isGone {
                isGone = try await listContainers(all: true, labels: ["com.docker.swarm.service.id=\(id)"]).isEmpty
            }
            if isGone { return }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Longer than a container may take to end.
    private static let goneLooks = 300

    private struct NewService: Decodable {
        var id: String

        private enum CodingKeys: String, CodingKey { case id = "ID" }
    }

    private func serviceCall(_ id: String, _ method: String, _ end: String, verb: String) -> DockerCall {
        DockerCall(operation: .service(id, verb: verb), method: method, path: "/services/\(HTTPQuery.encode(id))\(end)")
    }
}
