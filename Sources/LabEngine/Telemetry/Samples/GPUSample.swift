package import LabSupport

/// The graphics processors, or why there is none.
package struct GPUReading: Sendable, Equatable, Codable {
    package var devices: [GPUSample] = []
    package var absence: Absence?
    /// Version of NVIDIA's kernel driver, as its library says.
    package var driver: String?

    package init(devices: [GPUSample] = [], absence: Absence? = nil, driver: String? = nil) {
        self.devices = devices
        self.absence = absence
        self.driver = driver
    }

    /// Those that a training can use here.
    package var forTraining: [GPUSample] { devices.filter { $0.maker != .intel } }
}

/// One graphics processor. A field that its driver does not tell is nil.
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
    /// PCI address.
    package var bus: String?
    /// Percent of the time in which any program was at work on it; says nothing about how much of it worked.
    package var busy: Double?
    /// Percent of the time in which its memory was read or written.
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
    /// Percent of the greatest speed.
    package var fan: Double?
    /// Why its clocks are not higher.
    package var throttle: [GPUThrottle] = []
    /// What tells "busy" from "used", on Hopper and newer.
    package var activity: GPUActivity?
    /// Nil where it is not divided.
    package var instances: [GPUInstance]?
    package var processes: [GPUProcess] = []
    /// Why its figures are missing, where the device no longer answers.
    package var failure: Absence?

    package init(index: Int, maker: Maker, name: String) {
        self.index = index
        self.maker = maker
        self.name = name
    }
}

/// Percent, over the time between two samples.
package struct GPUActivity: Sendable, Equatable, Codable {
    /// Of the multiprocessors that had work.
    package var multiprocessors: Double?
    /// Of the warps that could be in flight and were.
    package var occupancy: Double?
    /// Of the time in which tensor cores worked.
    package var tensor: Double?
    /// Of the memory's bandwidth.
    package var bandwidth: Double?

    package init() {}
}

/// A part of a divided device (MIG).
package struct GPUInstance: Sendable, Equatable, Codable {
    package var gpuInstance: Int
    package var computeInstance: Int
    package var uuid: String?
    package var name: String?
    package var memoryUsed: Double?
    package var memoryTotal: Double?
    package var activity: GPUActivity?
}

/// A program at work on a device.
package struct GPUProcess: Sendable, Equatable, Codable {
    /// As the host counts.
    package var pid: Int32
    package var name: String?
    /// Bytes on the device; nil where the driver does not say.
    package var memory: Double?
    /// Percent of the multiprocessors' time.
    package var busy: Double?
    /// Id of its container; nil: none, or the host hides it.
    package var containerID: String?
    /// Name of its container, where the engine knows it.
    package var container: String?
    /// The instance that it runs on, where the device is divided.
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

    /// The driver's bits, in its order.
    package static func reasons(_ bits: UInt64) -> [GPUThrottle] {
        allCases.enumerated().filter { bits & 1 << UInt64($0.offset) != 0 }.map(\.element)
    }

    /// Whether it makes work slower than the device could.
    package var hurts: Bool {
        switch self {
        case .idle, .applicationClocks, .displayClocks, .syncBoost: false
        default: true
        }
    }

    package var text: Text {
        switch self {
        case .idle: Text(en: "idle", zh: "空闲")
        case .applicationClocks: Text(en: "clocks set by hand", zh: "手动设置的频率")
        case .powerCap: Text(en: "power limit", zh: "功耗上限")
        case .hardwareSlowdown: Text(en: "hardware slowdown", zh: "硬件降频")
        case .syncBoost: Text(en: "kept in step with others", zh: "与其他 GPU 同步")
        case .softwareThermal: Text(en: "too warm", zh: "温度偏高")
        case .hardwareThermal: Text(en: "too hot", zh: "过热")
        case .powerBrake: Text(en: "power supply", zh: "供电限制")
        case .displayClocks: Text(en: "display", zh: "显示输出")
        }
    }
}
