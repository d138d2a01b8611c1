package import HTTPTransport

/// Options of a build.
package struct BuildOptions: Sendable, Equatable {
    /// The names of the image.
    package var tags: [String]
    /// The Dockerfile's path inside the context.
    package var dockerfile: String
    package var arguments: [String: String]
    package var labels: [String: String]
    package var usesCache: Bool
    /// The network of `RUN` instructions, such as `host`. Nil leaves the choice to the engine.
    package var network: String?
    /// The last stage to build.
    package var target: String?
    package var platform: String?
    /// Whether to look for a newer base image even if one exists locally.
    package var pullsBase: Bool

    package init(
        tags: [String], dockerfile: String = "Dockerfile", arguments: [String: String] = [:], labels: [String: String] = [:],
        usesCache: Bool = true, network: String? = nil, target: String? = nil, platform: String? = nil, pullsBase: Bool = false
    ) {
        self.tags = tags
        self.dockerfile = dockerfile
        self.arguments = arguments
        self.labels = labels
        self.usesCache = usesCache
        self.network = network
        self.target = target
        self.platform = platform
        self.pullsBase = pullsBase
    }
}

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
