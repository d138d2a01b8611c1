import Glibc
package import HostFacts
import LabSupport

/// Where the kernel keeps one container's figures. Resolved once; reading is a handful of small files.
package struct ControlGroupFiles: Sendable, Equatable {
    /// The container's first process, as the host counts.
    package let pid: Int32
    private let root: HostRoot
    /// The unified hierarchy's folder; nil in version 1.
    private let unified: String?
    private let cpuacct: String?
    private let cpu: String?
    private let cpuset: String?
    private let memory: String?
    private let blkio: String?
    private let pids: String?
    /// Nil where the container has no network of its own.
    private let network: String?

    /// Nil where the files cannot be read from here: an engine in a machine of its own, a process that is gone, another's container.
    /// The container's id has to be in the group's name, for a process id may have been given to somebody else meanwhile.
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
        // Of both hierarchies mounted side by side the new one has no controllers.
        unified = unifiedFolder.flatMap { accounting == nil && Files.exists("\($0)/cpu.stat") ? $0 : nil }
        guard unified != nil || accounting != nil else { return nil }
        network = hasOwnNetwork ? root.real("/proc/\(pid)/net/dev") : nil
    }

    /// What the container has used by now; nil where it is gone.
    package func read(at time: Double, hostMemory: Double?) -> ContainerCounters? {
        var counters = ContainerCounters(time: time)
        guard unified.map({ readUnified($0, &counters) }) ?? readVersion1(&counters) else { return nil }
        if let limit = counters.memoryLimit, Double(limit) >= hostMemory ?? .infinity { counters.memoryLimit = nil }
        if let network, let bytes = NetworkCounters.read(network) { (counters.received, counters.sent) = bytes }
        return counters
    }

    /// Processes of the group; its own only, not those of groups that the container made below it.
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
            // -1, which is no number here, means no limit.
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

    /// The scheduler's own counters first, those of the throttle where it has none, as container runtimes look.
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

    /// A container that may run on some processors only has no more than these, where somebody chose them: its own file is not empty
    /// then, and shorter than all.
    private func restrict(_ counters: inout ContainerCounters, to file: String) {
        guard let text = ProcText(file)?.bytes[...].text.trimmed, !text.isEmpty else { return }
        let chosen = Processors.count(inList: text)
        guard chosen > 0, chosen < max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) else { return }
        counters.cpuLimit = min(counters.cpuLimit ?? .infinity, Double(chosen))
    }
}
