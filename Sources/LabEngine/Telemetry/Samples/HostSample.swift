/// The load of the machine. Rates are nil in the first sample, because they need two measurements.
package struct HostSample: Sendable, Equatable, Codable {
    /// How busy each core is, in percent and in the kernel's order.
    package var cores: [Double] = []
    /// Percent of one core, summed over all cores: 200 if two cores are fully busy.
    package var cpu: Double?
    /// The time spent waiting for disks: percent of one core, summed over all cores.
    package var ioWait: Double?
    /// The time that the hypervisor gave to others: percent of one core, summed over all cores.
    package var steal: Double?
    /// The number of the machine's processors.
    package var processors = 0
    /// The CPU limit of this user's control group, in percent of one core. Nil if there's none.
    package var cpuLimit: Double?
    /// The load averages over 1, 5 and 15 minutes.
    package var load: [Double] = []
    package var memory: HostMemory?
    package var pressure: Pressure?
    package var disk = HostDisk()
    package var network: Flow?
    /// The memory bandwidth in bytes per second. Nil if the kernel doesn't count it (resctrl).
    package var memoryBandwidth: Double?

    package init() {}
}

/// Bytes.
package struct HostMemory: Sendable, Equatable, Codable {
    package var total: Double
    /// The memory that's neither free nor reclaimable.
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

/// The percentage of the last ten seconds in which some tasks (`some`) or all tasks (`full`) waited for a resource:
/// https://docs.kernel.org/accounting/psi.html
package struct Pressure: Sendable, Equatable, Codable {
    package var cpu: Double?
    package var memory: Double?
    package var memoryFull: Double?
    package var io: Double?
    package var ioFull: Double?

    package init() {}
}

/// The bytes per second of all disks together, and the free space for the workspace.
package struct HostDisk: Sendable, Equatable, Codable {
    package var read: Double?
    package var written: Double?
    /// The percentage of time in which the busiest disk was active.
    package var busy: Double?
    package var free: Double?
    package var total: Double?

    package init() {}
}

/// The bytes per second in both directions, and the total since the start.
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
