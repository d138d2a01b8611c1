/// An image's settings for its containers.
package struct ImageConfig: Decodable, Sendable, Equatable {
    package var command: [String]?
    package var entrypoint: [String]?
    package var environment: [String]?
    package var labels: [String: String]?
    package var workingDirectory: String?
    package var user: String?
    package var exposedPorts: [String: EmptyObject]?

    private enum CodingKeys: String, CodingKey {
        case command = "Cmd"
        case entrypoint = "Entrypoint"
        case environment = "Env"
        case labels = "Labels"
        case workingDirectory = "WorkingDir"
        case user = "User"
        case exposedPorts = "ExposedPorts"
    }

    package init() {}
}
