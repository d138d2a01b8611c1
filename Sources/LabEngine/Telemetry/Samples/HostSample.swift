/// The machine's own load. Rates are nil in the first sample: they need two looks.
package struct HostSample: Sendable, Equatable, Codable {
    /// Percent of each core that was at work, in the kernel's order.
    package var cores: [Double] = []
    /// Percent of one core, summed: 200 where two cores are fully at work.
    package var cpu: Double?
    /// Percent of one core, summed, spent waiting for disks.
    package var ioWait: Double?
    /// Percent of one core, summed, that a hypervisor gave to others.
    package var steal: Double?
    /// Processors of the machine.
    package var processors = 0
    /// What this user's control group leaves, percent of one core; nil: no limit.
    package var cpuLimit: Double?
    /// Averages of the run queue over 1, 5 and 15 minutes.
    package var load: [Double] = []
    package var memory: HostMemory?
    package var pressure: Pressure?
    package var disk = HostDisk()
    package var network: Flow?
    /// Bytes a second between memory and processors; nil where the kernel does not count them (resctrl).
    package var memoryBandwidth: Double?

    package init() {}
}

/// Bytes.
package struct HostMemory: Sendable, Equatable, Codable {
    package var total: Double
    /// What is neither free nor taken back at will.
    package var used: Double
    package var swapTotal: Double
    package var swapUsed: Double

    package init(total: Double, used: Double, swapTotal: Double, swapUsed: Double) {
        self.total = total
        self.used = used
        self.swapTotal = swapTotal
        self.swapUsed = swapUsed
    }
}

/// Percent of the last ten seconds in which work waited (`some`) or everything did (`full`), as the kernel measures it.
package struct Pressure: Sendable, Equatable, Codable {
    package var cpu: Double?
    package var memory: Double?
    package var memoryFull: Double?
    package var io: Double?
    package var ioFull: Double?

    package init() {}
}

/// Bytes a second, all disks together, and the room below the workspace.
package struct HostDisk: Sendable, Equatable, Codable {
    package var read: Double?
    package var written: Double?
    /// Percent of the time in which the busiest disk had work.
    package var busy: Double?
    package var free: Double?
    package var total: Double?

    package init() {}
}

/// Bytes a second in two directions, and since the start.
package struct Flow: Sendable, Equatable, Codable {
    /// Received or read.
    package var into: Double?
    /// Sent or written.
    package var out: Double?
    package var intoTotal: Double?
    package var outTotal: Double?

    package init(into: Double? = nil, out: Double? = nil, intoTotal: Double? = nil, outTotal: Double? = nil) {
        self.into = into
        self.out = out
        self.intoTotal = intoTotal
        self.outTotal = outTotal
    }
}
