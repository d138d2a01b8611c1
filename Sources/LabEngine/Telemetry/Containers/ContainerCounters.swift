package import ContainerEngine

/// What a container has used since its start and what it uses now, from either source.
package struct ContainerCounters: Sendable, Equatable {
    /// Seconds on the time axis.
    package var time: Double
    /// Nanoseconds of processor time.
    package var cpu: UInt64?
    /// The elapsed time as the engine measures it: the nanoseconds of the host's total processor time, divided by the number of cores. If it's
    /// nil, `time` is the elapsed time.
    package var passed: UInt64?
    /// The CPU limit in cores. Nil if it has none of its own.
    package var cpuLimit: Double?
    package var periods: UInt64 = 0
    package var throttledPeriods: UInt64 = 0
    /// Bytes, without reclaimable page cache.
    package var memory: UInt64?
    package var memoryLimit: UInt64?
    package var received: UInt64?
    package var sent: UInt64?
    package var read: UInt64 = 0
    package var written: UInt64 = 0
    package var processes: Int?
    package var processLimit: Int?

    package init(time: Double) { self.time = time }
}

extension ContainerCounters {
    /// Reads a sample of the engine's stream. A limit of the machine's total memory means that there's no limit.
    package init(_ stats: ContainerStats, at time: Double, hostMemory: Double?, cpuLimit: Double?) {
        self.time = time
        cpu = stats.cpu.used
        passed = stats.cpu.system.map { $0 / UInt64(max(1, stats.cpu.cores)) }
        self.cpuLimit = cpuLimit
        periods = stats.cpu.periods
        throttledPeriods = stats.cpu.throttledPeriods
        memory = stats.memory.used
        if stats.memory.limit > 0, Double(stats.memory.limit) < hostMemory ?? .infinity { memoryLimit = stats.memory.limit }
        if stats.network.isOwn {
            received = stats.network.received
            sent = stats.network.sent
        }
        read = stats.disk.read
        written = stats.disk.written
        processes = Int(exactly: stats.processes)
        processLimit = stats.processLimit.flatMap { Int(exactly: $0) }
    }
}

extension ContainerSample {
    /// Fills in the rates between two measurements. The percentages are those of the Docker client: processor time divided by elapsed time, 100%
    /// for each core.
    package mutating func fill(_ before: ContainerCounters?, _ now: ContainerCounters) {
        cpuLimit = now.cpuLimit.map { ($0 * 100).rounded(to: 1) }
        memory = now.memory.map { Double($0) }
        memoryLimit = now.memoryLimit.map { Double($0) }
        processes = now.processes
        processLimit = now.processLimit
        if let received = now.received, let sent = now.sent { network = Flow(intoTotal: Double(received), outTotal: Double(sent)) }
        disk = Flow(intoTotal: Double(now.read), outTotal: Double(now.written))
        guard let before else { return }
        let seconds = now.time - before.time
        guard seconds > 0 else { return }
        let grown = { (before: UInt64?, now: UInt64?) -> Double? in
            guard let before, let now, now >= before else { return nil }
            return Double(now - before)
        }
        if let used = grown(before.cpu, now.cpu) {
            let passed = grown(before.passed, now.passed) ?? seconds * 1e9
            if passed > 0 { cpu = (used / passed * 100).rounded(to: 2) }
        }
        if now.cpuLimit != nil, let periods = grown(before.periods, now.periods),
            let held = grown(before.throttledPeriods, now.throttledPeriods)
        {
            throttled = periods > 0 ? (held / periods * 100).rounded(to: 1) : 0
        }
        network?.into = grown(before.received, now.received).map { ($0 / seconds).rounded() }
        network?.out = grown(before.sent, now.sent).map { ($0 / seconds).rounded() }
        disk?.into = grown(before.read, now.read).map { ($0 / seconds).rounded() }
        disk?.out = grown(before.written, now.written).map { ($0 / seconds).rounded() }
    }
}
