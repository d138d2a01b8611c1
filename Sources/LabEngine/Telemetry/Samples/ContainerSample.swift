/// The running containers, or the reason why they can't be seen.
package struct ContainerReading: Sendable, Equatable, Codable {
    package var list: [ContainerSample] = []
    package var absence: Absence?

    package init(list: [ContainerSample] = [], absence: Absence? = nil) {
        self.list = list
        self.absence = absence
    }
}

/// How much of the machine a container uses, in the terms of the Docker client.
package struct ContainerSample: Sendable, Equatable, Codable {
    /// Where the values come from.
    package enum Source: String, Sendable, Codable {
        /// The kernel's files.
        case cgroup
        /// The engine's stream, with one sample each second.
        case engine
    }

    /// The full id.
    package var id: String
    package var name: String
    package var image: String
    /// The sub-step that created it, if it belongs to the lab.
    package var task: String?
    package var source = Source.cgroup
    /// Percent of one core. Nil in the first sample.
    package var cpu: Double?
    /// The CPU limit, in percent of one core. Nil if it has none of its own.
    package var cpuLimit: Double?
    /// The percentage of scheduling periods in which the limit throttled it. Nil without a limit.
    package var throttled: Double?
    /// Bytes, without reclaimable page cache.
    package var memory: Double?
    /// Bytes. Nil if it has no limit of its own.
    package var memoryLimit: Double?
    /// Nil if it uses the host's network.
    package var network: Flow?
    package var disk: Flow?
    package var processes: Int?
    package var processLimit: Int?
    /// The busiest processes, the busiest first.
    package var top: [ProcessSample] = []

    package init(id: String, name: String, image: String) {
        self.id = id
        self.name = name
        self.image = image
    }
}

/// A process of a container.
package struct ProcessSample: Sendable, Equatable, Codable {
    /// The PID on the host.
    package var pid: Int32
    /// The kernel's name for it.
    package var name: String
    /// Percent of one core. Nil if the process was seen for the first time.
    package var cpu: Double?
    /// The used memory in bytes, including shared pages.
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
