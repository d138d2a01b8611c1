/// The running containers, or why none can be seen.
package struct ContainerReading: Sendable, Equatable, Codable {
    package var list: [ContainerSample] = []
    package var absence: Absence?

    package init(list: [ContainerSample] = [], absence: Absence? = nil) {
        self.list = list
        self.absence = absence
    }
}

/// One container's use of the machine, in the docker client's terms.
package struct ContainerSample: Sendable, Equatable, Codable {
    /// Where the numbers come from.
    package enum Source: String, Sendable, Codable {
        /// The kernel's files, read directly.
        case cgroup
        /// The engine's stream, a sample a second.
        case engine
    }

    /// The whole id.
    package var id: String
    package var name: String
    package var image: String
    /// The sub-step that made it, where it is one of the lab's.
    package var task: String?
    package var source = Source.cgroup
    /// Percent of one core; nil in the first sample.
    package var cpu: Double?
    /// The most it may use, percent of one core; nil: no limit of its own.
    package var cpuLimit: Double?
    /// Percent of its scheduling periods in which its limit held it back; nil without a limit.
    package var throttled: Double?
    /// Bytes, page cache that the kernel takes back at will left out.
    package var memory: Double?
    /// Bytes; nil: no limit of its own.
    package var memoryLimit: Double?
    /// Nil where it shares the host's network.
    package var network: Flow?
    package var disk: Flow?
    package var processes: Int?
    package var processLimit: Int?
    /// The processes that work most, the hardest first.
    package var top: [ProcessSample] = []

    package init(id: String, name: String, image: String) {
        self.id = id
        self.name = name
        self.image = image
    }
}

/// A process of a container.
package struct ProcessSample: Sendable, Equatable, Codable {
    /// As the host counts.
    package var pid: Int32
    /// What the kernel calls it.
    package var name: String
    /// Percent of one core; nil when seen for the first time.
    package var cpu: Double?
    /// Bytes of memory in use, shared pages included.
    package var memory: Double
    package var threads: Int

    package init(pid: Int32, name: String, cpu: Double? = nil, memory: Double, threads: Int) {
        self.pid = pid
        self.name = name
        self.cpu = cpu
        self.memory = memory
        self.threads = threads
    }
}
