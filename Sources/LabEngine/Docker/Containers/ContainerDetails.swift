/// A container in detail.
package struct ContainerDetails: Decodable, Sendable, Equatable {
    package var id: String
    /// Without the leading slash.
    package var name: String
    package var imageID: String
    /// RFC 3339.
    package var created: String
    package var state: ContainerState
    package var config: Config
    package var hostConfig: HostConfig
    package var ports: [PublishedPort]
    /// The container's address in the engine's own network, or nil if it has none.
    package var address: String?
    package var mounts: [MountPoint]

    /// The settings of the container that ailab reads.
    package struct Config: Decodable, Sendable, Equatable {
        package var image: String?
        package var command: [String]?
        package var entrypoint: [String]?
        package var environment: [String]?
        package var labels: [String: String]?
        package var hasTerminal: Bool?
        package var keepsInputOpen: Bool?
        package var workingDirectory: String?
        package var user: String?

        private enum CodingKeys: String, CodingKey {
            case image = "Image"
            case command = "Cmd"
            case entrypoint = "Entrypoint"
            case environment = "Env"
            case labels = "Labels"
            case hasTerminal = "Tty"
            case keepsInputOpen = "OpenStdin"
            case workingDirectory = "WorkingDir"
            case user = "User"
        }
    }

    /// The container's share of the host: limits, network, devices.
    package struct HostConfig: Decodable, Sendable, Equatable {
        package var memory: Int64?
        package var sharedMemory: Int64?
        package var nanoCPUs: Int64?
        package var network: String?
        package var removesItself: Bool?
        package var deviceRequests: [DeviceRequest]?

        private enum CodingKeys: String, CodingKey {
            case memory = "Memory"
            case sharedMemory = "ShmSize"
            case nanoCPUs = "NanoCpus"
            case network = "NetworkMode"
            case removesItself = "AutoRemove"
            case deviceRequests = "DeviceRequests"
        }
    }

    /// A request for devices, such as GPUs.
    package struct DeviceRequest: Decodable, Sendable, Equatable {
        package var count: Int?
        package var devices: [String]?
        package var capabilities: [[String]]?

        private enum CodingKeys: String, CodingKey {
            case count = "Count"
            case devices = "DeviceIDs"
            case capabilities = "Capabilities"
        }
    }

    /// A mounted directory or volume.
    package struct MountPoint: Decodable, Sendable, Equatable {
        package var kind: String
        package var source: String?
        package var target: String
        package var isWritable: Bool

        private enum CodingKeys: String, CodingKey {
            case kind = "Type"
            case source = "Source"
            case target = "Destination"
            case isWritable = "RW"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case imageID = "Image"
        case created = "Created"
        case state = "State"
        case config = "Config"
        case hostConfig = "HostConfig"
        case network = "NetworkSettings"
        case mounts = "Mounts"
    }

    private struct Network: Decodable {
        var ports: [String: [Binding]?]?
        var address: String?
        var networks: [String: Member]?

        struct Binding: Decodable {
            var address: String?
            var port: String?

            private enum CodingKeys: String, CodingKey {
                case address = "HostIp"
                case port = "HostPort"
            }
        }

        struct Member: Decodable {
            var address: String?

            private enum CodingKeys: String, CodingKey { case address = "IPAddress" }
        }

        private enum CodingKeys: String, CodingKey {
            case ports = "Ports"
            case address = "IPAddress"
            case networks = "Networks"
        }
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        name = ContainerSummary.bare(try fields.decode(String.self, forKey: .name))
        imageID = try fields.decodeIfPresent(String.self, forKey: .imageID) ?? ""
        created = try fields.decodeIfPresent(String.self, forKey: .created) ?? ""
        state = try fields.decode(ContainerState.self, forKey: .state)
        config = try fields.decode(Config.self, forKey: .config)
        hostConfig = try fields.decode(HostConfig.self, forKey: .hostConfig)
        mounts = try fields.decodeIfPresent([MountPoint].self, forKey: .mounts) ?? []
        let network = try fields.decodeIfPresent(Network.self, forKey: .network)
        ports = Self.ports(network?.ports ?? [:])
        // Since version 29, engines report an address only for each network, not at the top level.
        let addresses = [network?.address] + (network?.networks ?? [:]).sorted { $0.key < $1.key }.map(\.value.address)
        address = addresses.compactMap { $0 }.first { !$0.isEmpty }
    }

    private static func ports(_ wire: [String: [Network.Binding]?]) -> [PublishedPort] {
        wire.flatMap { key, bindings -> [PublishedPort] in
            let parts = key.split(separator: "/")
            guard let number = parts.first.flatMap({ Int($0) }) else { return [] }
            let transport = parts.count > 1 ? String(parts[1]) : "tcp"
            guard let bindings, !bindings.isEmpty else { return [PublishedPort(container: number, transport: transport)] }
            return bindings.map {
                PublishedPort(container: number, transport: transport, host: $0.port.flatMap { Int($0) }, address: $0.address)
            }
        }
        .sorted { ($0.container, $0.transport, $0.address ?? "") < ($1.container, $1.transport, $1.address ?? "") }
    }
}
