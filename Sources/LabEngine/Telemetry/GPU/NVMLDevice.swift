import CNVML

/// One NVIDIA device. Keeps the previous values for what needs two measurements.
final class NVMLDevice {
    let index: Int
    private let library: NVMLLibrary
    private let device: OpaquePointer
    private let name: String
    private let uuid: String?
    private let bus: String?
    private let powerLimit: Double?
    private let maxClock: Double?
    private let activity: NVMLActivity?
    private var instances: [NVMLInstance] = []
    private var processes = NVMLProcesses()

    init?(_ index: Int, of library: NVMLLibrary) {
        guard let device = library.device(index) else { return nil }
        self.index = index
        self.library = library
        self.device = device
        let table = library.table
        name = library.text { table.device_name?(device, $0, $1) } ?? "GPU \(index)"
        uuid = library.text { table.device_uuid?(device, $0, $1) }
        bus = Self.bus(of: device, library)
        powerLimit = library.number { table.power_limit?(device, $0) }.map { Double($0) / 1000 }
        maxClock = library.number { table.max_clock?(device, 1, $0) }.map(Double.init)
        activity = NVMLActivity(library, device: device)
        instances = NVMLInstance.all(of: device, library)
    }

    private static func bus(of device: OpaquePointer, _ library: NVMLLibrary) -> String? {
        var pci = cnvml_pci()
        guard library.table.device_pci?(device, &pci) == NVMLLibrary.success else { return nil }
        return withUnsafeBytes(of: pci.bus_id) { raw in
            NVMLLibrary.text(raw.prefix { $0 != 0 }.map { CChar(bitPattern: $0) })
        }
    }

    /// The current values. If the device no longer responds, the sample has the failure instead.
    func sample() -> GPUSample {
        var sample = GPUSample(index: index, maker: .nvidia, name: name)
        sample.uuid = uuid
        sample.bus = bus
        sample.powerLimit = powerLimit
        sample.maxClock = maxClock
        let table = library.table
        var utilization = cnvml_utilization()
        let code = table.utilization?(device, &utilization) ?? Int32(CNVML_NOT_SUPPORTED)
        if let failure = GPUAbsence.lost(code: code, words: library.words(code)) {
            sample.failure = failure
            return sample
        }
        if code == NVMLLibrary.success {
            sample.busy = Double(utilization.gpu)
            sample.memoryBusy = Double(utilization.memory)
        }
        (sample.memoryUsed, sample.memoryTotal) = Self.memory(of: device, library)
        readSensors(&sample, table)
        sample.activity = activity?.read()
        if isDivided(table) { sample.instances = instances.map { $0.sample() } }
        sample.processes = processes.read(device, library)
        return sample
    }

    private func readSensors(_ sample: inout GPUSample, _ table: cnvml_table) {
        let device = device
        sample.power = library.number { table.power?(device, $0) }.map { Double($0) / 1000 }
        sample.temperature = library.number { table.temperature?(device, 0, $0) }.map(Double.init)
        sample.clock = library.number { table.clock?(device, 1, $0) }.map(Double.init)
        sample.memoryClock = library.number { table.clock?(device, 2, $0) }.map(Double.init)
        sample.fan = library.number { table.fan?(device, $0) }.map(Double.init)
        var reasons: UInt64 = 0
        if table.throttle_reasons?(device, &reasons) == NVMLLibrary.success { sample.throttle = GPUThrottle.reasons(reasons) }
    }

    private func isDivided(_ table: cnvml_table) -> Bool {
        var current: UInt32 = 0
        var pending: UInt32 = 0
        let isOn = table.mig_mode?(device, &current, &pending) == NVMLLibrary.success && current == 1
        // Instances may be created and destroyed while the device runs.
        if isOn, instances.count != NVMLInstance.count(of: device, library) { instances = NVMLInstance.all(of: device, library) }
        return isOn
    }

    /// The used and the total memory, in bytes. The v2 call excludes what the driver reserves for itself.
    static func memory(of device: OpaquePointer, _ library: NVMLLibrary) -> (used: Double?, total: Double?) {
        var newer = cnvml_memory_v2()
        newer.version = cnvml_memory_v2_version()
        if library.table.memory_v2?(device, &newer) == NVMLLibrary.success { return (Double(newer.used), Double(newer.total)) }
        var older = cnvml_memory()
        if library.table.memory?(device, &older) == NVMLLibrary.success { return (Double(older.used), Double(older.total)) }
        return (nil, nil)
    }
}

/// An instance of a divided device (MIG).
final class NVMLInstance {
    private let library: NVMLLibrary
    private let instance: OpaquePointer
    private let fixed: GPUInstance
    private let activity: NVMLActivity?

    private init?(_ instance: OpaquePointer, of parent: OpaquePointer, _ library: NVMLLibrary) {
        let table = library.table
        guard let gpu = library.number({ table.gpu_instance?(instance, $0) }) else { return nil }
        self.library = library
        self.instance = instance
        fixed = GPUInstance(
            gpuInstance: gpu, computeInstance: library.number { table.compute_instance?(instance, $0) } ?? 0,
            uuid: library.text { table.device_uuid?(instance, $0, $1) }, name: library.text { table.device_name?(instance, $0, $1) })
        activity = NVMLActivity(library, device: parent, instance: UInt32(gpu))
    }

    func sample() -> GPUInstance {
        var sample = fixed
        (sample.memoryUsed, sample.memoryTotal) = NVMLDevice.memory(of: instance, library)
        sample.activity = activity?.read()
        return sample
    }

    private static func handles(of device: OpaquePointer, _ library: NVMLLibrary) -> [OpaquePointer] {
        guard let limit = library.number({ library.table.mig_count?(device, $0) }) else { return [] }
        return (0..<min(limit, 64)).compactMap { index in
            var instance: OpaquePointer?
            guard library.table.mig_by_index?(device, UInt32(index), &instance) == NVMLLibrary.success else { return nil }
            return instance
        }
    }

    static func count(of device: OpaquePointer, _ library: NVMLLibrary) -> Int { handles(of: device, library).count }

    static func all(of device: OpaquePointer, _ library: NVMLLibrary) -> [NVMLInstance] {
        handles(of: device, library).compactMap { NVMLInstance($0, of: device, library) }
    }
}

/// Measures how much of a device is active, from the difference of two samples of its counters (GPM, on Hopper and later).
final class NVMLActivity {
    private static let ids = [
        UInt32(CNVML_GPM_SM_UTILIZATION), UInt32(CNVML_GPM_SM_OCCUPANCY),
        UInt32(CNVML_GPM_TENSOR_UTILIZATION), UInt32(CNVML_GPM_MEMORY_BANDWIDTH),
    ]

    private let library: NVMLLibrary
    private let device: OpaquePointer
    private let instance: UInt32?
    private var older: OpaquePointer
    private var newer: OpaquePointer
    private var hasOlder = false

    /// Nil if the device or the library has no such counters.
    init?(_ library: NVMLLibrary, device: OpaquePointer, instance: UInt32? = nil) {
        let table = library.table
        var support = cnvml_gpm_support(version: 1, is_supported: 0)
        guard table.gpm_support?(device, &support) == NVMLLibrary.success, support.is_supported != 0, let alloc = table.gpm_alloc,
            table.gpm_free != nil, table.gpm_metrics != nil
        else { return nil }
        var first: OpaquePointer?
        var second: OpaquePointer?
        guard alloc(&first) == NVMLLibrary.success, let first else { return nil }
        guard alloc(&second) == NVMLLibrary.success, let second else {
            _ = table.gpm_free?(first)
            return nil
        }
        self.library = library
        self.device = device
        self.instance = instance
        (older, newer) = (first, second)
    }

    deinit {
        _ = library.table.gpm_free?(older)
        _ = library.table.gpm_free?(newer)
    }

    /// The activity since the previous call. Nil at the first call.
    func read() -> GPUActivity? {
        let table = library.table
        let code = instance.map { table.gpm_mig_sample?(device, $0, newer) } ?? table.gpm_sample?(device, newer)
        guard code == NVMLLibrary.success else {
            hasOlder = false
            return nil
        }
        defer {
            swap(&older, &newer)
            hasOlder = true
        }
        guard hasOlder else { return nil }
        var values = [Double](repeating: -1, count: Self.ids.count)
        var functions = table
        guard cnvml_gpm_compare(&functions, older, newer, Self.ids, &values, UInt32(Self.ids.count)) == NVMLLibrary.success else {
            return nil
        }
        let percent = values.map { $0 >= 0 && $0.isFinite ? $0.rounded(to: 1) : nil }
        var activity = GPUActivity()
        (activity.multiprocessors, activity.occupancy, activity.tensor, activity.bandwidth) = (
            percent[0], percent[1], percent[2], percent[3]
        )
        return activity
    }
}
