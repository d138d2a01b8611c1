/// The create request in the engine's terms. The engine decides about missing members.
struct ContainerWire: Encodable {
    var image: String
    var cmd: [String]?
    var entrypoint: [String]?
    var env: [String]?
    var labels: [String: String]?
    var tty: Bool
    var openStdin: Bool
    var stdinOnce: Bool
    var attachStdin: Bool
    var attachStdout: Bool
    var attachStderr: Bool
    var workingDir: String?
    var user: String?
    var hostname: String?
    var exposedPorts: [String: EmptyObject]?
    var hostConfig: Host
    var networkingConfig: Networks?

    struct Host: Encodable {
        var portBindings: [String: [Binding]]?
        var mounts: [MountPoint]?
        var deviceRequests: [DeviceRequest]?
        var memory: Int64?
        var memorySwap: Int64?
        var shmSize: Int64?
        var nanoCpus: Int64?
        var pidsLimit: Int64?
        var autoRemove: Bool
        var networkMode: String?
        var runtime: String?
        var `init`: Bool?
    }

    struct Networks: Encodable {
        var endpointsConfig: [String: NetworkEnd]
    }

    struct NetworkEnd: Encodable {
        var aliases: [String]
    }

    struct Binding: Encodable {
        var hostIp: String
        var hostPort: String
    }

    struct MountPoint: Encodable {
        var `type`: String
        var source: String?
        var target: String
        var readOnly: Bool
        var tmpfsOptions: TmpfsOptions?
    }

    struct TmpfsOptions: Encodable {
        var sizeBytes: Int64
    }

    struct DeviceRequest: Encodable {
        var driver = ""
        var count: Int?
        var deviceIDs: [String]?
        var capabilities: [[String]]? = [["gpu"]]
    }
}
