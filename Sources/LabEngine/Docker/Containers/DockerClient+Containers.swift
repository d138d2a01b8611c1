import HTTPTransport

extension DockerClient {
    /// Creates a container without starting it. 404 means no such image; 409 means that the name is taken.
    package func createContainer(_ config: ContainerConfig, name: String? = nil) async throws -> CreatedContainer {
        try await value(
            DockerCall(
                operation: .create(image: config.image, name: name), method: "POST", path: "/containers/create", query: ["name": name],
                body: try Self.json(config.wire), deadline: .work))
    }

    /// Starts a container. It's not an error if the container is already running.
    package func startContainer(_ id: String) async throws {
        var call = containerCall(id, "POST", "/start", verb: "start")
        call.operation = .start(id)
        call.deadline = .work
        try await perform(call)
    }

    /// Asks a container to stop, and kills it after `grace`. It's not an error if the container has already ended.
    package func stopContainer(_ id: String, grace: Duration = .seconds(10)) async throws {
        var call = containerCall(id, "POST", "/stop", verb: "stop", query: ["t": "\(grace.components.seconds)"])
        call.deadline = DockerDeadline(head: grace + .seconds(60))
        try await perform(call)
    }

    /// Ends a running container at once, without asking it.
    package func killContainer(_ id: String) async throws {
        var call = containerCall(id, "POST", "/kill", verb: "kill")
        call.deadline = .work
        try await perform(call)
    }

    /// Removes a container. `force` kills a running one. `volumes` also removes its anonymous volumes.
    package func removeContainer(_ id: String, force: Bool = false, volumes: Bool = true) async throws {
        var call = containerCall(id, "DELETE", "", verb: "remove")
        call.query.append("force", flag: force)
        call.query.append("v", flag: volumes)
        call.deadline = .work
        try await perform(call)
    }

    /// A container in detail. Throws `DockerError` with status 404 if it does not exist.
    package func inspectContainer(_ id: String) async throws -> ContainerDetails {
        try await value(containerCall(id, "GET", "/json", verb: "inspect"))
    }

    /// A container in detail, or nil if it does not exist.
    package func containerIfPresent(_ id: String) async throws -> ContainerDetails? {
        do {
            return try await inspectContainer(id)
        } catch let error as DockerError where error.status == 404 {
            return nil
        }
    }

    /// Lists containers.
    ///
    /// `all` includes those that don't run. `labels` (`name` or `name=value`) lists only containers that have all of them. For `sizes`, the
    /// engine has to walk all files of the containers. `allPorts` completes the ports: of consecutive ones, Podman lists only the first.
    package func listContainers(
        all: Bool = false, labels: [String] = [], sizes: Bool = false, allPorts: Bool = false
    ) async throws -> [ContainerSummary] {
        var query = HTTPQuery()
        query.append("all", flag: all)
        query.append("size", flag: sizes)
        if !labels.isEmpty { query.append("filters", try Self.jsonText(["label": labels])) }
        let call = DockerCall(operation: .engine("list containers"), method: "GET", path: "/containers/json", query: query)
        var list: [ContainerSummary] = try await value(call)
        guard allPorts, EngineKind(ping: ping).maker == .podman else { return list }
        for index in list.indices where !list[index].ports.isEmpty {
            if let details = try await containerIfPresent(list[index].id) { list[index].ports = details.ports }
        }
        return list
    }

    /// The processes in a running container.
    package func processes(in id: String) async throws -> ContainerProcesses {
        try await value(containerCall(id, "GET", "/top", verb: "top"))
    }

    /// Sets the size of the container's terminal.
    package func resizeContainer(_ id: String, columns: Int, rows: Int) async throws {
        try await perform(containerCall(id, "POST", "/resize", verb: "resize", query: ["h": "\(rows)", "w": "\(columns)"]))
    }

    func containerCall(_ id: String, _ method: String, _ end: String, verb: String, query: HTTPQuery = [:]) -> DockerCall {
        DockerCall(
            operation: .container(id, verb: verb), method: method, path: "/containers/\(HTTPQuery.encode(id))\(end)", query: query)
    }
}
