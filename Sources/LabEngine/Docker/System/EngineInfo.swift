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
