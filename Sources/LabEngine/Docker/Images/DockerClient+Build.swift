package import HTTPTransport

extension DockerClient {
    /// Builds an image from a tar stream with the classic builder. Cancelling the stream's task stops the build.
    package func buildImage(_ options: BuildOptions, context: HTTPBody) async throws -> EventStream<BuildInterpreter> {
        let operation = DockerOperation.build(options.tags.first ?? options.dockerfile)
        let response = try await open(
            DockerCall(
                operation: operation, method: "POST", path: "/build", query: try Self.query(for: options), body: context,
                contentType: "application/x-tar", deadline: .none))
        return EventStream(response.body, BuildInterpreter(operation))
    }

    /// Builds an image from a tar stream with BuildKit, without a session: no secrets, no ssh, no credentials of registries.
    ///
    /// Cancelling the stream's task closes the connection. `cancelBuild(id)` ends the build for certain.
    package func buildImage(_ options: BuildOptions, buildKitID id: String, context: HTTPBody) async throws -> EventStream<
        BuildKitInterpreter
    > {
        let operation = DockerOperation.build(options.tags.first ?? options.dockerfile)
        var query = try Self.query(for: options)
        query.append("version", "2")
        query.append("buildid", id)
        let response = try await open(
            DockerCall(
                operation: operation, method: "POST", path: "/build", query: query, body: context, contentType: "application/x-tar",
                deadline: .none))
        return EventStream(response.body, BuildKitInterpreter(operation))
    }

    /// Ends a build by BuildKit.
    package func cancelBuild(_ id: String) async throws {
        try await perform(DockerCall(operation: .build(id), method: "POST", path: "/build/cancel", query: ["id": id]))
    }

    /// Whether the engine reaches the registry of an image and finds it there. It asks itself, with its own mirrors and proxies.
    package func reachesRegistry(of reference: String, within limit: Duration = .seconds(10)) async throws -> Bool {
        let path = "/distribution/\(reference)/json"
        do {
            _ = try await bytes(
                DockerCall(
                    operation: .pull(reference), method: "GET", path: path, deadline: DockerDeadline(head: limit, total: limit)))
            return true
        } catch is DockerError {
            return false
        } catch let error as TransportError where error.kind == .timeout {
            return false
        }
    }

    private static func query(for options: BuildOptions) throws -> HTTPQuery {
        var query: HTTPQuery = ["dockerfile": options.dockerfile, "networkmode": options.network, "target": options.target]
        query.append("t", each: options.tags)
        query.append("platform", options.platform)
        query.append("rm", flag: true)
        query.append("forcerm", flag: true)
        query.append("nocache", flag: !options.usesCache)
        query.append("pull", flag: options.pullsBase)
        if !options.arguments.isEmpty { query.append("buildargs", try jsonText(options.arguments)) }
        if !options.labels.isEmpty { query.append("labels", try jsonText(options.labels)) }
        return query
    }
}
