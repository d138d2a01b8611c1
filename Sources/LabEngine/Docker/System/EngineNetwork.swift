/// A network of the engine's.
package struct EngineNetwork: Sendable, Decodable, Equatable {
    package var name: String
    /// `bridge`, `host`, `null`, `overlay`.
    package var driver: String
    private var options: [String: String]?

    /// The largest packet that its containers send, if the network says so.
    package var packetSize: Int? {
        // Docker's name of the option, and Podman's.
        let value = options?["com.docker.network.driver.mtu"] ?? options?["mtu"]
        return value.flatMap { Int($0) }
    }

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case driver = "Driver"
        case options = "Options"
    }
}

extension DockerClient {
    /// Lists the engine's networks.
    package func networks() async throws -> [EngineNetwork] {
        try await value(DockerCall(operation: .engine("list networks"), method: "GET", path: "/networks"))
    }
}
