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
