/// The engine's long description of itself. It takes the engine some ten milliseconds, so don't request it before the first frame.
package struct EngineInfo: Decodable, Sendable, Equatable {
    package var id: String?
    package var name: String?
    package var serverVersion: String?
    package var operatingSystem: String?
    package var kernelVersion: String?
    package var architecture: String?
    package var osType: String?
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
    package var containersRunning: Int?
    package var images: Int?
    package var warnings: [String]?
    package var httpProxy: String?
    package var httpsProxy: String?
    package var noProxy: String?
    package var registry: Registry?
    /// Devices of the Container Device Interface. Only engines since version 28 report them.
    package var discoveredDevices: [Device]?

    /// The registry settings.
    package struct Registry: Decodable, Sendable, Equatable {
        package var mirrors: [String]?

        private enum CodingKeys: String, CodingKey { case mirrors = "Mirrors" }
    }

    /// A device that containers can use.
    package struct Device: Decodable, Sendable, Equatable {
        package var source: String?
        package var id: String?

        private enum CodingKeys: String, CodingKey {
            case source = "Source"
            case id = "ID"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Name"
        case serverVersion = "ServerVersion"
        case operatingSystem = "OperatingSystem"
        case kernelVersion = "KernelVersion"
        case architecture = "Architecture"
        case osType = "OSType"
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
        case containersRunning = "ContainersRunning"
        case images = "Images"
        case warnings = "Warnings"
        case httpProxy = "HttpProxy"
        case httpsProxy = "HttpsProxy"
        case noProxy = "NoProxy"
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
    package var kernelVersion: String?
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
        case kernelVersion = "KernelVersion"
        case components = "Components"
    }
}

/// Disk usage of images, containers, volumes and the build cache.
package struct DiskUsage: Decodable, Sendable, Equatable {
    /// Bytes of all layers, each counted once.
    package var layers: Int64?
    package var images: [ImageSummary]?
    package var containers: [ContainerSummary]?
    package var volumes: [Volume]?
    package var buildCache: [CacheRecord]?

    /// A volume.
    package struct Volume: Decodable, Sendable, Equatable {
        package var name: String
        package var usage: Usage?

        /// Bytes, and how many containers use the volume. -1 if the engine did not count.
        package struct Usage: Decodable, Sendable, Equatable {
            package var size: Int64?
            package var references: Int?

            private enum CodingKeys: String, CodingKey {
                case size = "Size"
                case references = "RefCount"
            }
        }

        private enum CodingKeys: String, CodingKey {
            case name = "Name"
            case usage = "UsageData"
        }
    }

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
        case volumes = "Volumes"
        case buildCache = "BuildCache"
    }
}

/// An event in the engine.
package struct DockerEvent: Decodable, Sendable, Equatable {
    /// `container`, `image`, `network`, …
    package var kind: String
    /// `start`, `die`, `destroy`, `pull`, …. Some have details after a colon.
    package var action: String
    /// The object's ID or name.
    package var subject: String
    /// The object's labels and details of the action, such as `exitCode`.
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
