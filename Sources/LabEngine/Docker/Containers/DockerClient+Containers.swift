import HTTPTransport

extension DockerClient {
    /// Makes a container, not running yet. 404: no such image; 409: the name is taken.
    package func createContainer(_ config: ContainerConfig, name: String? = nil) async throws -> CreatedContainer {
        try await value(
            DockerCall(
                operation: .create(image: config.image, name: name), method: "POST", path: "/containers/create", query: ["name": name],
                body: try Self.json(config.wire), deadline: .work))
    }

    /// Starts a container. One that runs already is no error.
    package func startContainer(_ id: String) async throws {
        var call = containerCall(id, "POST", "/start", verb: "start")
        call.operation = .start(id)
        call.deadline = .work
        try await perform(call)
    }

    /// Asks a container to end, and ends it after `grace`. One that has ended is no error.
    package func stopContainer(_ id: String, grace: Duration = .seconds(10)) async throws {
        var call = containerCall(id, "POST", "/stop", verb: "stop", query: ["t": "\(grace.components.seconds)"])
        call.deadline = DockerDeadline(head: grace + .seconds(60))
        try await perform(call)
    }

    /// Sends a container's first process a signal, such as `SIGKILL` or `SIGINT`.
    package func killContainer(_ id: String, signal: String = "SIGKILL") async throws {
        try await perform(containerCall(id, "POST", "/kill", verb: "kill", query: ["signal": signal]))
    }

    /// Removes a container; `force` ends a running one, `volumes` removes its anonymous volumes too.
    package func removeContainer(_ id: String, force: Bool = false, volumes: Bool = true) async throws {
        var call = containerCall(id, "DELETE", "", verb: "remove")
        call.query.append("force", flag: force)
        call.query.append("v", flag: volumes)
        call.deadline = .work
        try await perform(call)
    }

    /// A container in detail; `DockerError` with status 404 where there is none.
    package func inspectContainer(_ id: String) async throws -> ContainerDetails {
        try await value(containerCall(id, "GET", "/json", verb: "inspect"))
    }

    /// A container in detail, nil where there is none.
    package func containerIfPresent(_ id: String) async throws -> ContainerDetails? {
        do {
            return try await inspectContainer(id)
        } catch let error as DockerError where error.status == 404 {
            return nil
        }
    }

    /// The containers; `all` with those that do not run, `labels` (`name` or `name=value`) all of which they have, `sizes` costs the
    /// engine a walk over their files.
    package func listContainers(all: Bool = false, labels: [String] = [], sizes: Bool = false) async throws -> [ContainerSummary] {
        var query = HTTPQuery()
        query.append("all", flag: all)
        query.append("size", flag: sizes)
        if !labels.isEmpty { query.append("filters", try Self.jsonText(["label": labels])) }
        return try await value(DockerCall(operation: .engine("list containers"), method: "GET", path: "/containers/json", query: query))
    }

    /// Tells the container's terminal its size.
    package func resizeContainer(_ id: String, columns: Int, rows: Int) async throws {
        try await perform(containerCall(id, "POST", "/resize", verb: "resize", query: ["h": "\(rows)", "w": "\(columns)"]))
    }

    func containerCall(_ id: String, _ method: String, _ end: String, verb: String, query: HTTPQuery = [:]) -> DockerCall {
        DockerCall(
            operation: .container(id, verb: verb), method: method, path: "/containers/\(HTTPQuery.encode(id))\(end)", query: query)
    }
}
