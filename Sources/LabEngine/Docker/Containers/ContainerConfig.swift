/// The settings of a container.
package struct ContainerConfig: Sendable, Equatable {
    package var image: String
    /// Replaces the image's command. Nil keeps it.
    package var command: [String]?
    /// Replaces the image's entry point. Nil keeps it.
    package var entrypoint: [String]?
    package var environment: [String: String] = [:]
    package var labels: [String: String] = [:]
    /// Whether the container has a terminal: one output channel, line editing, control characters.
    package var hasTerminal = false
    /// Whether the container's input stays open for typing.
    package var keepsInputOpen = false
    package var workingDirectory: String?
    package var user: String?
    package var hostname: String?
    package var ports: [PortMapping] = []
    package var mounts: [ContainerMount] = []
    package var gpus: GPURequest?
    /// The memory limit in bytes, or nil for no limit.
    package var memory: Int64?
    /// Size of `/dev/shm` in bytes. The engine's default of 64 MiB is too small for data loaders with workers.
    package var sharedMemory: Int64?
    /// How many cores the container may use, such as 1.5.
    package var cpus: Double?
    /// The maximum number of processes.
    package var processLimit: Int64?
    package var removesItself = false
    /// `bridge`, `host`, `none` or a network's name.
    package var network: String?
    /// Whether to run a small init as process 1, which reaps children and forwards signals.
    package var usesInit = false

    package init(image: String, command: [String]? = nil) {
        self.image = image
        self.command = command
    }
}

/// A port of a container that is published on the host.
package struct PortMapping: Sendable, Hashable {
    package var container: Int
    /// The host's port, or nil if the engine should pick a free one.
    package var host: Int?
    /// The host's address to bind to. Loopback by default, because the lab's servers have no protection of their own.
    package var address: String?
    /// `tcp` or `udp`.
    package var transport: String

    package init(container: Int, host: Int?, address: String? = "127.0.0.1", transport: String = "tcp") {
        self.container = container
        self.host = host
        self.address = address
        self.transport = transport
    }
}

/// A directory or volume inside a container.
package struct ContainerMount: Sendable, Hashable {
    /// What is mounted.
    package enum Kind: String, Sendable {
        case bind
        case volume
        case tmpfs
    }

    package var kind: Kind
    /// A host path or a volume's name. Empty for tmpfs.
    package var source: String
    package var target: String
    package var isReadOnly: Bool

    package init(_ kind: Kind = .bind, source: String, target: String, isReadOnly: Bool = false) {
        self.kind = kind
        self.source = source
        self.target = target
        self.isReadOnly = isReadOnly
    }
}

/// Which GPUs a container sees.
package enum GPURequest: Sendable, Hashable {
    case all
    case count(Int)
    case devices([String])
}
