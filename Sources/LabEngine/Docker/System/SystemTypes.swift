/// What an engine says of itself at length. Takes it some ten milliseconds: not on the way to the first frame.
package struct EngineInfo: Decodable, Sendable, Equatable {
    package var serverVersion: String?
    package var operatingSystem: String?
    package var kernelVersion: String?
    package var cpus: Int?
    package var memory: Int64?
    package var storageDriver: String?
    package var dataRoot: String?
    package var cgroupVersion: String?
    package var cgroupDriver: String?
    package var securityOptions: [String]?
    package var defaultRuntime: String?
    package var runtimes: [String: EmptyObject]?
    package var containers: Int?
    package var images: Int?
    package var warnings: [String]?
    package var httpProxy: String?
    package var httpsProxy: String?
    package var registry: Registry?
    /// Devices by the container device interface, where engines from 28 on know some.
    package var discoveredDevices: [Device]?

    /// Where images come from.
    package struct Registry: Decodable, Sendable, Equatable {
        package var mirrors: [String]?

        private enum CodingKeys: String, CodingKey { case mirrors = "Mirrors" }
    }

    /// A device that containers can be given.
    package struct Device: Decodable, Sendable, Equatable {
        package var source: String?
        package var id: String?

        private enum CodingKeys: String, CodingKey {
            case source = "Source"
            case id = "ID"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case serverVersion = "ServerVersion"
        case operatingSystem = "OperatingSystem"
        case kernelVersion = "KernelVersion"
        case cpus = "NCPU"
        case memory = "MemTotal"
        case storageDriver = "Driver"
        case dataRoot = "DockerRootDir"
        case cgroupVersion = "CgroupVersion"
        case cgroupDriver = "CgroupDriver"
        case securityOptions = "SecurityOptions"
        case defaultRuntime = "DefaultRuntime"
        case runtimes = "Runtimes"
        case containers = "Containers"
        case images = "Images"
        case warnings = "Warnings"
        case httpProxy = "HttpProxy"
        case httpsProxy = "HttpsProxy"
        case registry = "RegistryConfig"
        case discoveredDevices = "DiscoveredDevices"
    }
}

/// The versions of an engine and its parts.
package struct EngineVersion: Decodable, Sendable, Equatable {
    package var version: String
    package var apiVersion: String?
    package var minimumAPIVersion: String?
    package var os: String?
    package var architecture: String?
    package var components: [Component]?

    /// A part, such as containerd or runc.
    package struct Component: Decodable, Sendable, Equatable {
        package var name: String
        package var version: String

        private enum CodingKeys: String, CodingKey {
            case name = "Name"
            case version = "Version"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case version = "Version"
        case apiVersion = "ApiVersion"
        case minimumAPIVersion = "MinAPIVersion"
        case os = "Os"
        case architecture = "Arch"
        case components = "Components"
    }
}

/// What images, containers and the build cache take of the disk.
package struct DiskUsage: Decodable, Sendable, Equatable {
    /// Bytes of all layers, each counted once.
    package var layers: Int64?
    package var images: [ImageSummary]?
    package var containers: [ContainerSummary]?
    package var buildCache: [CacheRecord]?

    /// A piece of the build cache.
    package struct CacheRecord: Decodable, Sendable, Equatable {
        package var size: Int64?
        package var isInUse: Bool?

        private enum CodingKeys: String, CodingKey {
            case size = "Size"
            case isInUse = "InUse"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case layers = "LayersSize"
        case images = "Images"
        case containers = "Containers"
        case buildCache = "BuildCache"
    }
}

/// Something that happened in the engine.
package struct DockerEvent: Decodable, Sendable, Equatable {
    /// `container`, `image`, `network`, …
    package var kind: String
    /// `start`, `die`, `destroy`, `pull`, …; with details behind a colon for some.
    package var action: String
    /// The thing's id or name.
    package var subject: String
    /// Its labels, and what belongs to the action, such as `exitCode`.
    package var attributes: [String: String]
    /// Nanoseconds since 1970.
    package var time: Int64

    private enum CodingKeys: String, CodingKey {
        case kind = "Type"
        case action = "Action"
        case actor = "Actor"
        case time = "timeNano"
    }

    private struct Actor: Decodable {
        var id: String?
        var attributes: [String: String]?

        private enum CodingKeys: String, CodingKey {
            case id = "ID"
            case attributes = "Attributes"
        }
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        kind = try fields.decodeIfPresent(String.self, forKey: .kind) ?? ""
        action = try fields.decodeIfPresent(String.self, forKey: .action) ?? ""
        let actor = try fields.decodeIfPresent(Actor.self, forKey: .actor)
        subject = actor?.id ?? ""
        attributes = actor?.attributes ?? [:]
        time = try fields.decodeIfPresent(Int64.self, forKey: .time) ?? 0
    }
}
