/// A container as listed.
package struct ContainerSummary: Decodable, Sendable, Equatable {
    package var id: String
    /// Without the leading slash.
    package var names: [String]
    package var image: String
    package var imageID: String
    package var command: String
    /// Seconds since 1970.
    package var created: Int64
    package var status: ContainerStatus
    /// The engine's description, such as `Exited (1) 3 minutes ago`.
    package var statusText: String
    package var ports: [PublishedPort]
    package var labels: [String: String]
    /// The host's folders that the container mounts.
    package var mounts: [String]
    /// Bytes written on top of the image. Nil unless sizes were requested.
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
        // Podman lists the mount points in the container here, as texts instead of objects. They are ignored.
        mounts = ((try? fields.decodeIfPresent([Mount].self, forKey: .mounts)) ?? []).compactMap(\.source)
        size = try fields.decodeIfPresent(Int64.self, forKey: .size)
    }

    static func bare(_ name: String) -> String { name.hasPrefix("/") ? String(name.dropFirst()) : name }
}
