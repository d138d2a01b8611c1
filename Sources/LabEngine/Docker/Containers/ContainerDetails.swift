/// A container in detail.
package struct ContainerDetails: Decodable, Sendable, Equatable {
    package var id: String
    /// Without the slash in front.
    package var name: String
    package var imageID: String
    /// RFC 3339.
    package var created: String
    package var state: ContainerState
    package var config: Config
    package var hostConfig: HostConfig
    package var ports: [PublishedPort]
    /// The container's address in the engine's own network; nil where it has none.
    package var address: String?
    package var mounts: [MountPoint]

    /// What the container was made of, as far as it is read.
    package struct Config: Decodable, Sendable, Equatable {
        package var image: String?
        package var environment: [String]?
        package var labels: [String: String]?
        package var hasTerminal: Bool?

        private enum CodingKeys: String, CodingKey {
            case image = "Image"
            case environment = "Env"
            case labels = "Labels"
            case hasTerminal = "Tty"
        }
    }

    /// What the container has of the host.
    package struct HostConfig: Decodable, Sendable, Equatable {
        package var memory: Int64?
        package var sharedMemory: Int64?
        package var nanoCPUs: Int64?
        package var network: String?

        private enum CodingKeys: String, CodingKey {
            case memory = "Memory"
            case sharedMemory = "ShmSize"
            case nanoCPUs = "NanoCpus"
            case network = "NetworkMode"
        }
    }

    /// Something mounted.
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
        // Engines from 29 on have no address at the top any more, only one for each network.
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

/// How a container is, or how it ended.
package struct ContainerState: Decodable, Sendable, Equatable {
    package var status: ContainerStatus
    package var isRunning: Bool
    package var exitCode: Int
    /// Whether the kernel ended a process of it for memory.
    package var wasOutOfMemory: Bool
    /// Why it could not be started, in the engine's words; empty where it could.
    package var error: String
    /// The first process' id on the host, 0 where it does not run.
    package var pid: Int
    /// RFC 3339; year 1 where it never was.
    package var startedAt: String
    package var finishedAt: String

    private enum CodingKeys: String, CodingKey {
        case status = "Status"
        case isRunning = "Running"
        case exitCode = "ExitCode"
        case wasOutOfMemory = "OOMKilled"
        case error = "Error"
        case pid = "Pid"
        case startedAt = "StartedAt"
        case finishedAt = "FinishedAt"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        status = try fields.decode(ContainerStatus.self, forKey: .status)
        isRunning = try fields.decodeIfPresent(Bool.self, forKey: .isRunning) ?? (status == .running)
        exitCode = try fields.decodeIfPresent(Int.self, forKey: .exitCode) ?? 0
        wasOutOfMemory = try fields.decodeIfPresent(Bool.self, forKey: .wasOutOfMemory) ?? false
        error = try fields.decodeIfPresent(String.self, forKey: .error) ?? ""
        pid = try fields.decodeIfPresent(Int.self, forKey: .pid) ?? 0
        startedAt = try fields.decodeIfPresent(String.self, forKey: .startedAt) ?? ""
        finishedAt = try fields.decodeIfPresent(String.self, forKey: .finishedAt) ?? ""
    }
}
