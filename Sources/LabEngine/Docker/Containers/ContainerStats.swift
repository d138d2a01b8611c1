import LabSupport

/// A container's resource use at one moment, with the previous sample if the engine has one.
package struct ContainerStats: Decodable, Sendable, Equatable {
    /// RFC 3339.
    package var read: String
    package var cpu: CPU
    package var previousCPU: CPU
    package var memory: Memory
    package var network: Network
    package var disk: Disk
    package var processes: Int64
    /// Nil if there is no limit.
    package var processLimit: Int64?

    /// Processor time in nanoseconds.
    package struct CPU: Sendable, Equatable {
        package var used: UInt64 = 0
        /// Processor time of the whole host, or nil if the engine doesn't say.
        package var system: UInt64?
        package var cores: Int = 1
        /// Scheduling periods in which the container wanted to run, and those in which its limit throttled it.
        package var periods: UInt64 = 0
        package var throttledPeriods: UInt64 = 0
    }

    /// Bytes of memory.
    package struct Memory: Sendable, Equatable {
        package var used: UInt64 = 0
        package var limit: UInt64 = 0
    }

    /// Bytes since the start.
    package struct Network: Sendable, Equatable {
        package var received: UInt64 = 0
        package var sent: UInt64 = 0
        /// False if the container has no network of its own, for example because it uses the host's.
        package var isOwn = false
    }

    /// Bytes since the start.
    package struct Disk: Sendable, Equatable {
        package var read: UInt64 = 0
        package var written: UInt64 = 0
    }

    private enum CodingKeys: String, CodingKey {
        case read
        case cpu = "cpu_stats"
        case previousCPU = "precpu_stats"
        case memory = "memory_stats"
        case networks
        case disk = "blkio_stats"
        case processes = "pids_stats"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        read = try fields.decodeIfPresent(String.self, forKey: .read) ?? ""
        cpu = try fields.decodeIfPresent(StatsWire.CPU.self, forKey: .cpu)?.value ?? CPU()
        previousCPU = try fields.decodeIfPresent(StatsWire.CPU.self, forKey: .previousCPU)?.value ?? CPU()
        memory = try fields.decodeIfPresent(StatsWire.Memory.self, forKey: .memory)?.value ?? Memory()
        let networks = try fields.decodeIfPresent([String: StatsWire.Network].self, forKey: .networks) ?? [:]
        network = networks.values.reduce(into: Network(isOwn: !networks.isEmpty)) {
            $0.received = $0.received.adding(clamped: $1.received)
            $0.sent = $0.sent.adding(clamped: $1.sent)
        }
        disk = try fields.decodeIfPresent(StatsWire.Disk.self, forKey: .disk)?.value ?? Disk()
        let counted = try fields.decodeIfPresent(StatsWire.Processes.self, forKey: .processes)
        processes = counted?.current ?? 0
        processLimit = counted?.limit.flatMap { $0 > 0 && $0 < UInt64(Int64.max) ? Int64($0) : nil }
    }
}

/// The engine's JSON.
private enum StatsWire {
    struct CPU: Decodable {
        var usage: Usage?
        var system: UInt64?
        var cores: Int?
        var throttling: Throttling?

        struct Throttling: Decodable {
            var periods: UInt64?
            var throttledPeriods: UInt64?

            private enum CodingKeys: String, CodingKey {
                case periods
                case throttledPeriods = "throttled_periods"
            }
        }

        struct Usage: Decodable {
            var total: UInt64?
            var perCore: [UInt64]?

            private enum CodingKeys: String, CodingKey {
                case total = "total_usage"
                case perCore = "percpu_usage"
            }
        }

        private enum CodingKeys: String, CodingKey {
            case usage = "cpu_usage"
            case system = "system_cpu_usage"
            case cores = "online_cpus"
            case throttling = "throttling_data"
        }

        var value: ContainerStats.CPU {
            ContainerStats.CPU(
                used: usage?.total ?? 0, system: system, cores: cores ?? usage?.perCore?.count ?? 1, periods: throttling?.periods ?? 0,
                throttledPeriods: throttling?.throttledPeriods ?? 0)
        }
    }

    struct Memory: Decodable {
        var usage: UInt64?
        var limit: UInt64?
        var stats: [String: UInt64]?

        /// Memory without the page cache that the kernel can reclaim, as the docker client counts it: `total_inactive_file` in cgroup v1,
        /// `inactive_file` in v2.
        var value: ContainerStats.Memory {
            let used = usage ?? 0
            let cache = stats?["total_inactive_file"] ?? stats?["inactive_file"] ?? 0
            return ContainerStats.Memory(used: cache < used ? used - cache : used, limit: limit ?? 0)
        }
    }

    struct Network: Decodable {
        var received: UInt64
        var sent: UInt64

        private enum CodingKeys: String, CodingKey {
            case received = "rx_bytes"
            case sent = "tx_bytes"
        }
    }

    struct Disk: Decodable {
        var entries: [Entry]?

        struct Entry: Decodable {
            var op: String
            var value: UInt64
        }

        private enum CodingKeys: String, CodingKey { case entries = "io_service_bytes_recursive" }

        var value: ContainerStats.Disk {
            (entries ?? []).reduce(into: ContainerStats.Disk()) {
                switch $1.op.lowercased() {
                case "read": $0.read = $0.read.adding(clamped: $1.value)
                case "write": $0.written = $0.written.adding(clamped: $1.value)
                default: break
                }
            }
        }
    }

    struct Processes: Decodable {
        var current: Int64?
        var limit: UInt64?
    }
}
