package import LabSupport

/// The GPUs, or the reason why there's none.
package struct GPUReading: Sendable, Equatable, Codable {
    package var devices: [GPUSample] = []
    package var absence: Absence?
    /// The version of NVIDIA's kernel driver, as its library reports it.
    package var driver: String?

    package init(devices: [GPUSample] = [], absence: Absence? = nil, driver: String? = nil) {
        self.devices = devices
        self.absence = absence
        self.driver = driver
    }

    /// The GPUs that a training can use here.
    package var forTraining: [GPUSample] { devices.filter { $0.maker != .intel } }
}

/// One GPU. Values that the driver doesn't report are nil.
package struct GPUSample: Sendable, Equatable, Codable {
    package enum Maker: String, Sendable, Codable {
        case nvidia
        case amd
        case intel
    }

    package var index: Int
    package var maker: Maker
    package var name: String
    package var uuid: String?
    /// The PCI address.
    package var bus: String?
    /// The percentage of time in which any program ran on it. This doesn't say how much of the GPU was active.
    package var busy: Double?
    /// The percentage of time in which its memory was read or written.
    package var memoryBusy: Double?
    /// Bytes.
    package var memoryUsed: Double?
    package var memoryTotal: Double?
    /// Watts.
    package var power: Double?
    package var powerLimit: Double?
    /// Degrees Celsius.
    package var temperature: Double?
    /// MHz.
    package var clock: Double?
    package var maxClock: Double?
    package var memoryClock: Double?
    /// Percent of the maximum speed.
    package var fan: Double?
    /// Why its clocks aren't higher.
    package var throttle: [GPUThrottle] = []
    /// How much of the GPU is active, on Hopper and later.
    package var activity: GPUActivity?
    /// Nil if it isn't divided (MIG).
    package var instances: [GPUInstance]?
    package var processes: [GPUProcess] = []
    /// Why the values are missing, if the device no longer responds.
    package var failure: Absence?

    package init(index: Int, maker: Maker, name: String) {
        self.index = index
        self.maker = maker
        self.name = name
    }
}

/// Percentages over the time between two samples.
package struct GPUActivity: Sendable, Equatable, Codable {
    /// Of the multiprocessors that were active.
    package var multiprocessors: Double?
    /// Of the possible warps that were active (occupancy).
    package var occupancy: Double?
    /// Of the time in which tensor cores were active.
    package var tensor: Double?
    /// Of the memory bandwidth.
    package var bandwidth: Double?

    package init() {}
}

/// An instance of a divided device (MIG).
package struct GPUInstance: Sendable, Equatable, Codable {
    package var gpuInstance: Int
    package var computeInstance: Int
    package var uuid: String?
    package var name: String?
    package var memoryUsed: Double?
    package var memoryTotal: Double?
    package var activity: GPUActivity?
}

/// A process on a device.
package struct GPUProcess: Sendable, Equatable, Codable {
    /// The PID on the host.
    package var pid: Int32
    package var name: String?
    /// Bytes on the device. Nil if the driver doesn't report it.
    package var memory: Double?
    /// The percentage of the multiprocessors' time.
    package var busy: Double?
    /// The id of its container. Nil if there's none or it can't be seen.
    package var containerID: String?
    /// The name of its container, if the engine knows it.
    package var container: String?
    /// The instance that it runs on, if the device is divided.
    package var gpuInstance: Int?

    package init(
        pid: Int32, name: String? = nil, memory: Double? = nil, busy: Double? = nil, containerID: String? = nil, container: String? = nil,
        gpuInstance: Int? = nil
    ) {
        self.pid = pid
        self.name = name
        self.memory = memory
        self.busy = busy
        self.containerID = containerID
        self.container = container
        self.gpuInstance = gpuInstance
    }
}

/// Why a device's clocks are lower than they could be.
package enum GPUThrottle: String, Sendable, Codable, CaseIterable {
    case idle
    case applicationClocks
    case powerCap
    case hardwareSlowdown
    case syncBoost
    case softwareThermal
    case hardwareThermal
    case powerBrake
    case displayClocks

    /// The driver's bits, in the driver's order.
    package static func reasons(_ bits: UInt64) -> [GPUThrottle] {
        allCases.enumerated().filter { bits & 1 << UInt64($0.offset) != 0 }.map(\.element)
    }

    /// Whether it makes the device slower than it could be.
    package var hurts: Bool {
        switch self {
        case .idle, .applicationClocks, .displayClocks, .syncBoost: false
        default: true
        }
    }

    package var text: Text {
        switch self {
        case .idle: Text(en: "idle", zh: "空闲")
        case .applicationClocks: Text(en: "manually set clocks", zh: "手动设置的频率")
        case .powerCap: Text(en: "power limit", zh: "功耗上限")
        case .hardwareSlowdown: Text(en: "hardware slowdown", zh: "硬件降频")
        case .syncBoost: Text(en: "synchronized with other GPUs", zh: "与其他 GPU 同步")
        case .softwareThermal: Text(en: "high temperature", zh: "温度偏高")
        case .hardwareThermal: Text(en: "overheating", zh: "过热")
        case .powerBrake: Text(en: "power supply limit", zh: "供电限制")
        case .displayClocks: Text(en: "display clocks", zh: "显示输出")
        }
    }
}
