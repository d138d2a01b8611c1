import HTTPTransport

/// A network of the engine's.
package struct EngineNetwork: Sendable, Decodable, Equatable {
    package var id: String
    package var name: String
    /// `bridge`, `host`, `null`, `overlay`.
    package var driver: String
    package var labels: [String: String]
    private var options: [String: String]?

    /// The largest packet that its containers send, if the network says so.
    package var packetSize: Int? {
        // Docker's name of the option, and Podman's.
        let value = options?["com.docker.network.driver.mtu"] ?? options?["mtu"]
        return value.flatMap { Int($0) }
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        name = try fields.decode(String.self, forKey: .name)
        id = try fields.decodeIfPresent(String.self, forKey: .id) ?? name
        driver = try fields.decode(String.self, forKey: .driver)
        labels = try fields.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        options = try fields.decodeIfPresent([String: String].self, forKey: .options)
    }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case driver = "Driver"
        case labels = "Labels"
        case options = "Options"
    }
}

extension DockerClient {
    /// Lists the engine's networks. `labels` (`name` or `name=value`) lists only networks that have all of them.
    package func networks(labels: [String] = []) async throws -> [EngineNetwork] {
        var query = HTTPQuery()
        if !labels.isEmpty { query.append("filters", try Self.jsonText(["label": labels])) }
        return try await value(DockerCall(operation: .engine("list networks"), method: "GET", path: "/networks", query: query))
    }

    /// Creates a network. Its containers find each other by name. The engine may allow several networks with one name, so look first.
    /// `overlay`: a network of the swarm, which services use, and containers that are started by hand, too.
    package func createNetwork(
        _ name: String, labels: [String: String], packetSize: Int? = nil, overlay: Bool = false
    ) async throws {
        let options = packetSize.map { ["com.docker.network.driver.mtu": "\($0)"] }
        let body = NewNetwork(
            name: name, driver: overlay ? "overlay" : "bridge", checkDuplicate: true, attachable: overlay ? true : nil, labels: labels,
            options: options)
        try await perform(
            DockerCall(
                operation: .engine("create the network \(name)"), method: "POST", path: "/networks/create", body: try Self.json(body),
                deadline: .work))
    }

    /// Removes a network. 403 or 409 means that a container still uses it.
    package func removeNetwork(_ id: String) async throws {
        try await perform(
            DockerCall(
                operation: .engine("remove a network"), method: "DELETE", path: "/networks/\(HTTPQuery.encode(id))", deadline: .work))
    }

    private struct NewNetwork: Encodable {
        var name: String
        var driver: String
        var checkDuplicate: Bool
        var attachable: Bool?
        var labels: [String: String]
        var options: [String: String]?
    }
}
