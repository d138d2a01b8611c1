/// A container's life-cycle state. It's a struct, so that a later engine's new state keeps its text.
package struct ContainerStatus: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { self.init(rawValue: value) }
    /// Podman says `stopped` between the end of the process and the end of its cleaning up. The exit code is known by then.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        rawValue = text == "stopped" ? ContainerStatus.exited.rawValue : text
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    package static let created: ContainerStatus = "created"
    package static let running: ContainerStatus = "running"
    package static let paused: ContainerStatus = "paused"
    package static let restarting: ContainerStatus = "restarting"
    package static let removing: ContainerStatus = "removing"
    package static let exited: ContainerStatus = "exited"
    package static let dead: ContainerStatus = "dead"
}
