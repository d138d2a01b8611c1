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
