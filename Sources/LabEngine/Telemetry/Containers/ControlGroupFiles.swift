import Glibc
package import HostFacts
import LabSupport

/// The kernel's files with one container's values. The paths are resolved once, and each measurement reads a few small files.
package struct ControlGroupFiles: Sendable, Equatable {
    /// The PID of the container's first process on the host.
    package let pid: Int32
    private let root: HostRoot
    /// The folder in the unified hierarchy. Nil in version 1.
    private let unified: String?
    private let cpuacct: String?
    private let cpu: String?
    private let cpuset: String?
    private let memory: String?
    private let blkio: String?
    private let pids: String?
    /// Nil if the container has no network of its own.
    private let network: String?

    /// Nil if the files can't be read: the engine runs in a virtual machine, the process has exited, or it's another user's container.
    ///
    /// The group's name must contain the container's id, because the system may have given the PID to another process in the meantime.
    package init?(pid: Int32, id: String, root: HostRoot = .machine, mounts: [KernelMount], hasOwnNetwork: Bool = true) {
        guard pid > 0, let text = ProcText(root.real("/proc/\(pid)/cgroup")) else { return nil }
        var paths: [String: String] = [:]
        for line in text.lines {
            let parts = line.text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].contains(id) else { continue }
            for name in parts[1].split(separator: ",", omittingEmptySubsequences: false) { paths[String(name)] = String(parts[2]) }
        }
        let folder = { (controller: String) -> String? in
            guard let path = paths[controller],
                let mount = mounts.first(where: { $0.type == "cgroup" && $0.options.contains(controller) })
            else { return nil }
            let folder = root.real(mount.point + path)
            return Files.exists(folder) ? folder : nil
        }
        self.pid = pid
        self.root = root
        let accounting = folder("cpuacct")
        cpuacct = accounting
        cpu = folder("cpu")
        cpuset = folder("cpuset")
        memory = folder("memory")
        blkio = folder("blkio")
        pids = folder("pids")
        let unifiedFolder = paths[""].flatMap { path in
            mounts.first { $0.type == "cgroup2" }.map { root.real($0.point + path) }
        }
        // If both hierarchies are mounted, the unified one has no controllers.
        unified = unifiedFolder.flatMap { accounting == nil && Files.exists("\($0)/cpu.stat") ? $0 : nil }
        guard unified != nil || accounting != nil else { return nil }
        network = hasOwnNetwork ? root.real("/proc/\(pid)/net/dev") : nil
    }

    /// The container's current counters. Nil if it has exited.
    package func read(at time: Double, hostMemory: Double?) -> ContainerCounters? {
        var counters = ContainerCounters(time: time)
        guard unified.map({ readUnified($0, &counters) }) ?? readVersion1(&counters) else { return nil }
        if let limit = counters.memoryLimit, Double(limit) >= hostMemory ?? .infinity { counters.memoryLimit = nil }
        if let network, let bytes = NetworkCounters.read(network) { (counters.received, counters.sent) = bytes }
        return counters
    }

    /// The PIDs of the group itself, without groups that the container created below it.
    package func members() -> [Int32] {
        guard let folder = unified ?? pids ?? cpuacct, let text = ProcText("\(folder)/cgroup.procs", room: 64 << 10) else { return [] }
        return text.lines.compactMap { $0.number.flatMap { Int32(exactly: $0) } }
    }

    private func readUnified(_ folder: String, _ counters: inout ContainerCounters) -> Bool {
        guard let stat = ProcText("\(folder)/cpu.stat") else { return false }
        let values = stat.values(["usage_usec", "nr_periods", "nr_throttled"])
        counters.cpu = values[0].map { $0 &* 1000 }
        counters.periods = values[1] ?? 0
        counters.throttledPeriods = values[2] ?? 0
        if let words = ProcText("\(folder)/cpu.max")?.bytes[...].words, words.count == 2, let quota = words[0].number,
            let period = words[1].number, period > 0
        {
            counters.cpuLimit = Double(quota) / Double(period)
        }
        restrict(&counters, to: "\(folder)/cpuset.cpus")
        if let used = ProcText("\(folder)/memory.current")?.number {
            let cache = ProcText("\(folder)/memory.stat")?.values(["inactive_file"])[0] ?? 0
            counters.memory = cache < used ? used - cache : used
        }
        counters.memoryLimit = ProcText("\(folder)/memory.max")?.number
        for line in ProcText("\(folder)/io.stat")?.lines.map(\.words) ?? [] {
            for word in line {
                if word.begins(with: "rbytes=") { counters.read &+= word.dropFirst(7).number ?? 0 }
                if word.begins(with: "wbytes=") { counters.written &+= word.dropFirst(7).number ?? 0 }
            }
        }
        readProcesses(folder, &counters)
        return true
    }

    private func readVersion1(_ counters: inout ContainerCounters) -> Bool {
        guard let cpuacct, let used = ProcText("\(cpuacct)/cpuacct.usage")?.number else { return false }
        counters.cpu = used
        if let cpu {
            if let values = ProcText("\(cpu)/cpu.stat")?.values(["nr_periods", "nr_throttled"]) {
                counters.periods = values[0] ?? 0
                counters.throttledPeriods = values[1] ?? 0
            }
            // -1 means that there's no limit. It isn't read as a number here.
            if let quota = ProcText("\(cpu)/cpu.cfs_quota_us")?.number, let period = ProcText("\(cpu)/cpu.cfs_period_us")?.number,
                period > 0
            {
                counters.cpuLimit = Double(quota) / Double(period)
            }
        }
        if let cpuset { restrict(&counters, to: "\(cpuset)/cpuset.cpus") }
        if let memory {
            if let used = ProcText("\(memory)/memory.usage_in_bytes")?.number {
                let cache = ProcText("\(memory)/memory.stat")?.values(["total_inactive_file"])[0] ?? 0
                counters.memory = cache < used ? used - cache : used
            }
            counters.memoryLimit = ProcText("\(memory)/memory.limit_in_bytes")?.number
        }
        if let blkio { readDisk(blkio, &counters) }
        if let pids { readProcesses(pids, &counters) }
        return true
    }

    /// Uses the scheduler's counters first, and otherwise those of the throttle, as container runtimes do.
    private func readDisk(_ folder: String, _ counters: inout ContainerCounters) {
        let names = [
            "blkio.bfq.io_service_bytes_recursive", "blkio.io_service_bytes_recursive", "blkio.throttle.io_service_bytes_recursive",
        ]
        for name in names {
            let rows = (ProcText("\(folder)/\(name)")?.lines.map(\.words) ?? []).filter { $0.count == 3 }
            guard !rows.isEmpty else { continue }
            for row in rows {
                if row[1].begins(with: "Read") { counters.read &+= row[2].number ?? 0 }
                if row[1].begins(with: "Write") { counters.written &+= row[2].number ?? 0 }
            }
            return
        }
    }

    private func readProcesses(_ folder: String, _ counters: inout ContainerCounters) {
        counters.processes = ProcText("\(folder)/pids.current")?.number.map { Int($0) }
        counters.processLimit = ProcText("\(folder)/pids.max")?.number.map { Int($0) }
    }

    /// If somebody restricted the container to some processors, they're its limit. In that case its file is neither empty nor lists all
    /// processors.
    private func restrict(_ counters: inout ContainerCounters, to file: String) {
        guard let text = ProcText(file)?.bytes[...].text.trimmed, !text.isEmpty else { return }
        let chosen = Processors.count(inList: text)
        guard chosen > 0, chosen < max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) else { return }
        counters.cpuLimit = min(counters.cpuLimit ?? .infinity, Double(chosen))
    }
}
