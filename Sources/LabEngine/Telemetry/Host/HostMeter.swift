import Glibc
package import HostFacts
import LabSupport

/// Measures the machine's load. Keeps the previous counters to calculate rates.
package struct HostMeter {
    private let root: HostRoot
    private let folder: String
    private let processors: Processors
    private var before: HostCounters?
    private let bandwidth: MemoryBandwidthMeter?

    /// Measures the disk of `folder`.
    package init(folder: String, root: HostRoot = .machine) {
        self.root = root
        self.folder = folder
        processors = Processors.read(root: root, groups: ControlGroups.read(root: root))
        bandwidth = MemoryBandwidthMeter(root: root)
    }

    /// The current load. `time` is in seconds on the time axis.
    package mutating func read(at time: Double) -> HostSample {
        let now = HostCounters(root: root, time: time, bandwidth: bandwidth)
        defer { before = now }
        var sample = HostSample()
        sample.processors = max(1, now.cores.count)
        let usable = processors.quota ?? Double(processors.allowed)
        if usable < Double(sample.processors) { sample.cpuLimit = usable * 100 }
        sample.load = Self.load(root)
        sample.memory = Self.memory(root)
        sample.pressure = Self.pressure(root)
        if case .known(let space) = DiskSpace.read(folder: root.real(folder)) {
            sample.disk.free = Double(space.free)
            sample.disk.total = Double(space.total)
        }
        if let before { fill(&sample, before, now) }
        return sample
    }

    private func fill(_ sample: inout HostSample, _ before: HostCounters, _ now: HostCounters) {
        let seconds = now.time - before.time
        guard seconds > 0 else { return }
        if before.cores.count == now.cores.count {
            let shares = zip(before.cores, now.cores).map { CoreShare($0, $1) }
            sample.cores = shares.map { ($0.busy * 100).rounded(to: 1) }
            sample.cpu = (shares.reduce(0) { $0 + $1.busy } * 100).rounded(to: 1)
            sample.ioWait = (shares.reduce(0) { $0 + $1.waiting } * 100).rounded(to: 1)
            sample.steal = (shares.reduce(0) { $0 + $1.stolen } * 100).rounded(to: 1)
        }
        let rate = { (before: UInt64, now: UInt64) in (Double(now &- before) / seconds).rounded() }
        if now.diskRead >= before.diskRead, now.diskWritten >= before.diskWritten {
            sample.disk.read = rate(before.diskRead, now.diskRead)
            sample.disk.written = rate(before.diskWritten, now.diskWritten)
        }
        sample.disk.busy = now.diskBusy.compactMap { name, busy in before.diskBusy[name].map { busy >= $0 ? Double(busy - $0) : 0 } }.max()
            .map { min(100, $0 / (seconds * 10)).rounded(to: 1) }
        if now.received >= before.received, now.sent >= before.sent {
            sample.network = Flow(into: rate(before.received, now.received), out: rate(before.sent, now.sent))
        }
        if let last = before.bandwidth, let current = now.bandwidth, current >= last {
            sample.memoryBandwidth = rate(last, current)
        }
    }

    private static func load(_ root: HostRoot) -> [Double] {
        guard let words = ProcText(root.real("/proc/loadavg"))?.bytes[...].words else { return [] }
        return words.prefix(3).compactMap { Double($0.text) }
    }

    private static func memory(_ root: HostRoot) -> HostMemory? {
        guard let text = ProcText(root.real("/proc/meminfo")) else { return nil }
        let values = text.values(["MemTotal", "MemAvailable", "MemFree", "SwapTotal", "SwapFree"])
        guard let total = values[0] else { return nil }
        let available = values[1] ?? values[2] ?? 0
        let swap = values[3] ?? 0
        return HostMemory(
            total: Double(total) * 1024, used: Double(total - min(total, available)) * 1024, swapTotal: Double(swap) * 1024,
            swapUsed: Double(swap - min(swap, values[4] ?? 0)) * 1024)
    }

    private static func pressure(_ root: HostRoot) -> Pressure? {
        let average = { (file: String, line: StaticString) -> Double? in
            guard let text = ProcText(root.real("/proc/pressure/\(file)")) else { return nil }
            let words = text.lines.first { $0.hasName(line) }?.words
            return words?.first { $0.begins(with: "avg10=") }.flatMap { Double($0.dropFirst(6).text) }
        }
        var pressure = Pressure()
        pressure.cpu = average("cpu", "some")
        pressure.memory = average("memory", "some")
        pressure.memoryFull = average("memory", "full")
        pressure.io = average("io", "some")
        pressure.ioFull = average("io", "full")
        return pressure == Pressure() ? nil : pressure
    }
}

/// The shares of a core's time between two measurements, 0…1.
private struct CoreShare {
    var busy = 0.0
    var waiting = 0.0
    var stolen = 0.0

    init(_ before: CoreTimes, _ now: CoreTimes) {
        let total = Double(now.total &- before.total)
        guard now.total > before.total else { return }
        // The kernel sometimes decreases the waiting time.
        waiting = Double(now.waiting >= before.waiting ? now.waiting - before.waiting : 0) / total
        stolen = Double(now.stolen >= before.stolen ? now.stolen - before.stolen : 0) / total
        let idle = Double(now.idle >= before.idle ? now.idle - before.idle : 0) / total
        busy = max(0, min(1, 1 - idle - waiting - stolen))
    }
}

/// The ticks of a core since the machine's start.
struct CoreTimes: Equatable {
    var idle: UInt64 = 0
    var waiting: UInt64 = 0
    var stolen: UInt64 = 0
    var total: UInt64 = 0
}

/// Counters that only increase.
struct HostCounters {
    var time: Double
    var cores: [CoreTimes] = []
    var diskRead: UInt64 = 0
    var diskWritten: UInt64 = 0
    /// The active milliseconds of each disk.
    var diskBusy: [String: UInt64] = [:]
    var received: UInt64 = 0
    var sent: UInt64 = 0
    var bandwidth: UInt64?

    init(root: HostRoot, time: Double, bandwidth: MemoryBandwidthMeter?) {
        self.time = time
        readCores(root)
        readDisks(root)
        (received, sent) = NetworkCounters.read(root.real("/proc/net/dev")) ?? (0, 0)
        self.bandwidth = bandwidth?.read()
    }

    private mutating func readCores(_ root: HostRoot) {
        // The file is long on machines with many cores.
        guard let text = ProcText(root.real("/proc/stat"), room: 128 << 10) else { return }
        for line in text.lines {
            guard line.begins(with: "cpu") else { break }
            guard !line.hasName("cpu") else { continue }
            let ticks = line.words.dropFirst().compactMap(\.number)
            guard ticks.count >= 5 else { continue }
            // The first two numbers already include the guests' time, which is the ninth and tenth number.
            let total = ticks.prefix(8).reduce(0, &+)
            cores.append(CoreTimes(idle: ticks[3], waiting: ticks[4], stolen: ticks.count > 7 ? ticks[7] : 0, total: total))
        }
    }

    private mutating func readDisks(_ root: HostRoot) {
        guard let text = ProcText(root.real("/proc/diskstats"), room: 64 << 10) else { return }
        for line in text.lines {
            let words = line.words
            guard words.count >= 13 else { continue }
            let name = words[2].text
            guard Self.isWholeDisk(name) else { continue }
            // Here, sectors always have 512 bytes, regardless of the disk.
            diskRead &+= (words[5].number ?? 0) &* 512
            diskWritten &+= (words[9].number ?? 0) &* 512
            diskBusy[name] = words[12].number ?? 0
        }
    }

    /// False for a partition, and for a device that's made of others, because its bytes would count twice.
    static func isWholeDisk(_ name: String) -> Bool {
        for made in ["loop", "ram", "zram", "dm-", "md", "sr", "fd", "nbd"] where name.hasPrefix(made) { return false }
        if name.hasPrefix("nvme") || name.hasPrefix("mmcblk") { return !name.contains("p") }
        return name.last?.isNumber != true
    }
}

/// The received and sent bytes of all interfaces except the loopback interface.
enum NetworkCounters {
    static func read(_ path: String) -> (received: UInt64, sent: UInt64)? {
        guard let text = ProcText(path) else { return nil }
        var received: UInt64 = 0
        var sent: UInt64 = 0
        for line in text.lines {
            guard let colon = line.firstIndex(of: 0x3A) else { continue }
            let name = line[..<colon].drop { $0 == 0x20 }
            // Skip bridges and the veth interfaces on them, which would count each byte of a container twice.
            guard !name.elementsEqual("lo".utf8), !name.begins(with: "veth"), !name.begins(with: "docker"), !name.begins(with: "br-")
            else { continue }
            let numbers = line[(colon + 1)...].words.map { $0.number ?? 0 }
            guard numbers.count >= 9 else { continue }
            received &+= numbers[0]
            sent &+= numbers[8]
        }
        return (received, sent)
    }
}

/// Measures the memory bandwidth if the kernel's resource control (`/sys/fs/resctrl`) counts it.
struct MemoryBandwidthMeter: Sendable {
    private let files: [String]

    /// Nil if it isn't counted.
    init?(root: HostRoot) {
        let folder = "/sys/fs/resctrl/mon_data"
        files = root.names(in: folder).filter { $0.hasPrefix("mon_L3_") }.map { root.real("\(folder)/\($0)/mbm_total_bytes") }
            .filter { ProcText($0)?.number != nil }
        if files.isEmpty { return nil }
    }

    func read() -> UInt64? {
        files.reduce(UInt64?.some(0)) { sum, file in
            guard let sum, let number = ProcText(file)?.number else { return nil }
            return sum &+ number
        }
    }
}
