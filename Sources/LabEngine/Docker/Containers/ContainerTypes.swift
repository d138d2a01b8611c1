/// Where a container is in its life. A struct, so that a state of a later engine is kept as its text.
package struct ContainerStatus: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { self.init(rawValue: value) }
    package init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    package static let created: ContainerStatus = "created"
    package static let running: ContainerStatus = "running"
    package static let paused: ContainerStatus = "paused"
    package static let exited: ContainerStatus = "exited"
}

/// What creating a container gave.
package struct CreatedContainer: Decodable, Sendable, Equatable {
    package var id: String

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
    }
}

/// A port as the engine published it.
package struct PublishedPort: Sendable, Hashable {
    package var container: Int
    package var transport: String
    /// Nil where the port is open inside only.
    package var host: Int?
    package var address: String?
}

/// A container as a list shows it.
package struct ContainerSummary: Decodable, Sendable, Equatable {
    package var id: String
    /// Without the slash in front.
    package var names: [String]
    package var image: String
    package var imageID: String
    package var command: String
    /// Seconds since 1970.
    package var created: Int64
    package var status: ContainerStatus
    /// The engine's words, such as `Exited (1) 3 minutes ago`.
    package var statusText: String
    package var ports: [PublishedPort]
    package var labels: [String: String]
    /// Folders of the host that it sees.
    package var mounts: [String]
    /// Bytes written on top of the image; only where sizes were asked for.
    package var size: Int64?

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case image = "Image"
        case imageID = "ImageID"
        case command = "Command"
        case created = "Created"
        case status = "State"
        case statusText = "Status"
        case ports = "Ports"
        case labels = "Labels"
        case mounts = "Mounts"
        case size = "SizeRw"
    }

    private struct Mount: Decodable {
        var source: String?

        private enum CodingKeys: String, CodingKey { case source = "Source" }
    }

    private struct Port: Decodable {
        var address: String?
        var container: Int
        var host: Int?
        var transport: String

        private enum CodingKeys: String, CodingKey {
            case address = "IP"
            case container = "PrivatePort"
            case host = "PublicPort"
            case transport = "Type"
        }
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        names = try (fields.decodeIfPresent([String].self, forKey: .names) ?? []).map(Self.bare)
        image = try fields.decodeIfPresent(String.self, forKey: .image) ?? ""
        imageID = try fields.decodeIfPresent(String.self, forKey: .imageID) ?? ""
        command = try fields.decodeIfPresent(String.self, forKey: .command) ?? ""
        created = try fields.decodeIfPresent(Int64.self, forKey: .created) ?? 0
        status = try fields.decodeIfPresent(ContainerStatus.self, forKey: .status) ?? ""
        statusText = try fields.decodeIfPresent(String.self, forKey: .statusText) ?? ""
        ports = try (fields.decodeIfPresent([Port].self, forKey: .ports) ?? []).map {
            PublishedPort(container: $0.container, transport: $0.transport, host: $0.host, address: $0.address)
        }
        labels = try fields.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        // Podman lists the places inside here, as texts.
        mounts = ((try? fields.decodeIfPresent([Mount].self, forKey: .mounts)) ?? []).compactMap(\.source)
        size = try fields.decodeIfPresent(Int64.self, forKey: .size)
    }

    static func bare(_ name: String) -> String { name.hasPrefix("/") ? String(name.dropFirst()) : name }
}
