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
    /// The limit of memory and swap together. If it equals `memory`, the container can't swap. Nil for the engine's default.
    package var memoryAndSwap: Int64?
    /// Size of `/dev/shm` in bytes. The engine's default of 64 MiB is too small for data loaders with workers.
    package var sharedMemory: Int64?
    /// How many cores the container may use, such as 1.5.
    package var cpus: Double?
    /// The maximum number of processes.
    package var processLimit: Int64?
    package var removesItself = false
    /// `bridge`, `host`, `none` or a network's name.
    package var network: String?
    /// Further names by which the other containers of its network find it.
    package var networkAliases: [String] = []
    /// Whether to run a small init as process 1, which reaps children and forwards signals.
    package var usesInit = false
    /// The program that starts the container, such as `nvidia`. Nil for the engine's default.
    package var runtime: String?

    package init(image: String, command: [String]? = nil) {
        self.image = image
        self.command = command
    }
}
