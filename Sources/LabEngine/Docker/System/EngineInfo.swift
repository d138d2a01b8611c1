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
    /// Pairs of a name and a value that describe the storage.
    package var driverStatus: [[String]]?
    package var dataRoot: String?
    /// The containerd that the engine uses. Only from API 1.46 on.
    package var containerd: Containerd?
    package var cgroupVersion: String?
    package var cgroupDriver: String?
    /// Whether it can limit memory. Nil if it doesn't say.
    package var limitsMemory: Bool?
    /// Whether it can limit processor time. Nil if it doesn't say.
    package var limitsProcessors: Bool?
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
    /// Devices of the Container Device Interface. Docker reports them from API 1.50 on, Podman never does.
    package var discoveredDevices: [Device]?
    /// Folders with descriptions of such devices. Docker names them from API 1.46 on, and none if it doesn't use them.
    package var deviceFolders: [String]?
    /// What it is in a swarm. Nil if it doesn't say.
    package var swarm: SwarmState?

    /// Its part in a swarm.
    package struct SwarmState: Decodable, Sendable, Equatable {
        /// `inactive`, `pending`, `active`, `error` or `locked`.
        package var localNodeState: String?
        /// It manages the swarm.
        package var controlAvailable: Bool?
        /// The ID of this node. Empty outside of swarms.
        package var nodeID: String?

        private enum CodingKeys: String, CodingKey {
            case localNodeState = "LocalNodeState"
            case controlAvailable = "ControlAvailable"
            case nodeID = "NodeID"
        }
    }

    /// A containerd and where it listens.
    package struct Containerd: Decodable, Sendable, Equatable {
        package var address: String?

        private enum CodingKeys: String, CodingKey { case address = "Address" }
    }

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
        case limitsMemory = "MemoryLimit"
        case limitsProcessors = "CpuCfsQuota"
        case memory = "MemTotal"
        case storageDriver = "Driver"
        case driverStatus = "DriverStatus"
        case dataRoot = "DockerRootDir"
        case containerd = "Containerd"
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
        case deviceFolders = "CDISpecDirs"
        case swarm = "Swarm"
    }
}

extension EngineInfo {
    /// Where the images lie.
    package enum ImageStore: Sendable, Equatable {
        /// The engine's own, below its data root.
        case engine
        /// That of a containerd that the engine started, below the engine's data root.
        case ownContainerd
        /// That of the system's containerd, which has a data root of its own.
        case systemContainerd
    }

    /// Where the images lie. Docker 29 uses containerd's store if it begins with an empty data root.
    package var imageStore: ImageStore {
        let isContainerd = driverStatus?.contains { $0.count == 2 && $0[1].hasPrefix("io.containerd.snapshotter.") } ?? false
        guard isContainerd else { return .engine }
        // Before API 1.46, nothing says which containerd it is. The packages bring the system's.
        let system = ["/run/containerd/containerd.sock", "/var/run/containerd/containerd.sock"]
        return containerd?.address.map(system.contains) ?? true ? .systemContainerd : .ownContainerd
    }

    /// True if the engine has no cgroups for its containers: its numbers about a container are the whole machine's, or missing.
    package var cannotMeasureContainers: Bool { cgroupDriver == "none" || isRootless && cgroupVersion == "1" }

    /// True if the engine belongs to an ordinary user.
    package var isRootless: Bool { securityOptions?.contains { $0 == "rootless" || $0.hasPrefix("name=rootless") } ?? false }
}
