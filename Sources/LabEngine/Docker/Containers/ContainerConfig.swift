/// What a container is made of.
package struct ContainerConfig: Sendable, Equatable {
    package var image: String
    /// Instead of the image's command; nil keeps that.
    package var command: [String]?
    /// Instead of the image's entry point; nil keeps that.
    package var entrypoint: [String]?
    package var environment: [String: String] = [:]
    package var labels: [String: String] = [:]
    /// A terminal: one channel of output, line editing, control characters.
    package var hasTerminal = false
    /// Whether something can be typed into the container.
    package var keepsInputOpen = false
    package var workingDirectory: String?
    package var user: String?
    package var hostname: String?
    package var ports: [PortMapping] = []
    package var mounts: [ContainerMount] = []
    package var gpus: GPURequest?
    /// Bytes; nil is no limit.
    package var memory: Int64?
    /// Size of `/dev/shm` in bytes; the engine's own choice, 64 MiB, is too little for data loaders with workers.
    package var sharedMemory: Int64?
    /// Cores, such as 1.5.
    package var cpus: Double?
    /// Most processes at once.
    package var processLimit: Int64?
    package var removesItself = false
    /// `bridge`, `host`, `none` or a network's name.
    package var network: String?
    /// Run a small init as process 1, which reaps children and passes signals on.
    package var usesInit = false

    package init(image: String, command: [String]? = nil) {
        self.image = image
        self.command = command
    }
}

/// A port of a container that the host answers for.
package struct PortMapping: Sendable, Hashable {
    package var container: Int
    /// Nil: the engine picks a free one.
    package var host: Int?
    /// The host's address that it is bound to. Loopback unless asked: what the lab serves has no protection of its own.
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
        case tmpfs
    }

    package var kind: Kind
    /// A host path or a volume's name; empty for tmpfs.
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
