import Telemetry
import Testing

@Suite("Telemetry: GPUs")
struct GPUMeterTests {
    @Test("Every field of a device, and what needs two looks at the second")
    func fields() async throws {
        let library = try await ScriptedNVML(ScriptedNVML.hopper)
        let machine = try ScriptedNVML.machine()
        let meter = GPUMeter(names: [library.path], root: machine.root)
        let first = meter.read(at: 0)
        #expect(first.absence == nil)
        #expect(first.driver == "550.54.15")
        let device = try #require(first.devices.first)
        #expect((device.index, device.maker, device.name) == (0, .nvidia, "NVIDIA H100 80GB HBM3"))
        #expect((device.uuid, device.bus) == ("GPU-1", "00000000:19:00.0"))
        #expect((device.busy, device.memoryBusy) == (97, 41))
        #expect((device.memoryUsed, device.memoryTotal) == (20_000_000_000, 85_899_345_920))
        #expect((device.power, device.powerLimit, device.temperature) == (312.4, 700, 54))
        #expect((device.clock, device.maxClock, device.memoryClock) == (1755, 1980, 2619))
        #expect(device.throttle == [.powerCap])
        #expect(device.fan == nil && device.activity == nil && device.instances == nil && device.failure == nil)
        let activity = try #require(meter.read(at: 1).devices.first?.activity)
        #expect((activity.multiprocessors, activity.occupancy, activity.tensor) == (12, 9, 4))
        #expect(activity.bandwidth == nil)
    }

    @Test("An older library lacks functions: those fields are missing, the others are there")
    func olderLibrary() async throws {
        let library = try await ScriptedNVML(ScriptedNVML.hopper + "\n0.process.0 4242 1000000", old: true)
        let device = try #require(GPUMeter(names: [library.path]).read(at: 0).devices.first)
        #expect((device.busy, device.power) == (97, 312.4))
        // The older question counts what the driver keeps for itself.
        #expect(device.memoryUsed == 20_600_000_000)
        #expect(device.powerLimit == nil && device.bus == nil && device.throttle.isEmpty && device.activity == nil)
        #expect(device.processes.map(\.pid) == [4242])
        #expect(device.processes.first?.memory == 1_000_000)
    }

    @Test("Programs are told with their container, by their control group")
    func processes() async throws {
        let id = String(repeating: "0123456789abcdef", count: 4)
        let machine = try ScriptedNVML.machine()
        try machine.write("/proc/4242/comm", "python3\n")
        try machine.write("/proc/4242/cgroup", "12:memory:/docker/\(id)\n0::/docker/\(id)\n")
        try machine.write("/proc/77/comm", "Xorg\n")
        try machine.write("/proc/77/cgroup", "0::/user.slice/session-2.scope\n")
        let script =
            ScriptedNVML.hopper + """

                0.process.0 77 52428800
                0.process.1 4242 0x4A817C800
                0.process.2 9 -1
                0.usage.0 4242 1000 63
                """
        let library = try await ScriptedNVML(script)
        let meter = GPUMeter(names: [library.path], root: machine.root)
        let processes = try #require(meter.read(at: 0).devices.first).processes
        #expect(processes.map(\.pid) == [4242, 77, 9])
        #expect(processes.map(\.name) == ["python3", "Xorg", nil])
        #expect(processes.map(\.containerID) == [id, nil, nil])
        #expect(processes.map(\.memory) == [20_000_000_000, 52_428_800, nil])
        #expect(processes.map(\.busy) == [63, nil, nil])
        // The driver has no newer sample.
        #expect(meter.read(at: 1).devices.first?.processes.first?.busy == nil)
    }

    @Test("More programs than there was room for")
    func manyProcesses() async throws {
        let rows = (0..<200).map { "0.process.\($0) \(1000 + $0) 1000" }.joined(separator: "\n")
        let library = try await ScriptedNVML(ScriptedNVML.hopper + "\n" + rows)
        #expect(GPUMeter(names: [library.path]).read(at: 0).devices.first?.processes.count == 200)
    }

    @Test("A divided device: its instances, each with its own memory and activity")
    func instances() async throws {
        let script =
            ScriptedNVML.hopper.replacing("0.gpu 97\n", with: "0.gpu.code 3\n") + """

                0.mig 1
                0.mig-room 7
                0.mig-count 2
                0.0.gi 1
                0.0.ci 0
                0.0.uuid MIG-1
                0.0.name NVIDIA H100 MIG 3g.40gb
                0.0.total 42000000000
                0.0.used 1000000000
                0.1.gi 2
                0.1.total 42000000000
                0.1.used 7000000000
                0.gi1.gpm.2 55
                0.process.0 4242 1000 2
                """
        let library = try await ScriptedNVML(script)
        let meter = GPUMeter(names: [library.path])
        _ = meter.read(at: 0)
        let device = try #require(meter.read(at: 1).devices.first)
        #expect(device.busy == nil)
        let instances = try #require(device.instances)
        #expect(instances.map(\.gpuInstance) == [1, 2])
        #expect(instances.map(\.uuid) == ["MIG-1", nil])
        #expect(instances.map(\.memoryUsed) == [1_000_000_000, 7_000_000_000])
        #expect(instances.first?.activity?.multiprocessors == 55)
        #expect(device.processes.first?.gpuInstance == 2)
    }

    @Test("Several devices, one of which has fallen off the bus")
    func lostDevice() async throws {
        let script = "count 3\n0.name A\n0.gpu 5\n0.memory-busy 1\n1.code 15\n2.name C\n2.gpu 7\n2.memory-busy 1"
        let library = try await ScriptedNVML(script)
        let meter = GPUMeter(names: [library.path])
        #expect(meter.read(at: 0).devices.map(\.index) == [0, 2])
        try library.rewrite(script + "\n2.gpu.code 15")
        let devices = meter.read(at: 1).devices
        #expect(devices.map(\.failure?.code) == [nil, "gpu.lost"])
        #expect(devices.map(\.busy) == [5, nil])
    }

    struct Refusal: Sendable {
        var code: Int
        var hasDevice: Bool
        var expected: String
    }

    @Test(
        "No GPU is a value with its reason",
        arguments: [
            Refusal(code: 9, hasDevice: true, expected: "gpu.driverNotLoaded"), Refusal(code: 9, hasDevice: false, expected: "gpu.none"),
            Refusal(code: 4, hasDevice: true, expected: "gpu.permission"),
            Refusal(code: 18, hasDevice: true, expected: "gpu.versionMismatch"),
            Refusal(code: 12, hasDevice: true, expected: "gpu.libraryMissing"), Refusal(code: 999, hasDevice: true, expected: "gpu.failed"),
        ])
    func refusals(_ refusal: Refusal) async throws {
        let library = try await ScriptedNVML("init \(refusal.code)")
        let machine = refusal.hasDevice ? try ScriptedNVML.machine() : try FakeRoot(["/sys/bus/pci/devices/none/vendor": "0x8086\n"])
        let reading = GPUMeter(names: [library.path], root: machine.root).read(at: 0)
        #expect(reading.devices.isEmpty)
        #expect(reading.absence?.code == refusal.expected)
    }

    @Test("Without the library the kernel tells which part is missing")
    func withoutLibrary() throws {
        let none = ["/nowhere/libnvidia-ml.so.1"]
        let driven = try ScriptedNVML.machine()
        let undriven = try ScriptedNVML.machine(driver: nil)
        let bare = try FakeRoot(["/sys/bus/pci/devices/none/vendor": "0x8086\n"])
        // What the folder is read for has to outlive the reading.
        withExtendedLifetime((driven, undriven, bare)) {
            let code = { (names: [String], machine: FakeRoot) in
                GPUMeter(names: names, root: machine.root).read(at: 0).absence?.code
            }
            #expect(code(none, driven) == "gpu.libraryMissing")
            #expect(code(none, undriven) == "gpu.driverNotLoaded")
            #expect(code(none, bare) == "gpu.none")
            // A library that is none of NVIDIA's.
            #expect(code(["libm.so.6"], driven) == "gpu.libraryMissing")
        }
    }

    @Test("A driver that is loaded later is found")
    func comesLater() async throws {
        let library = try await ScriptedNVML("init 9")
        let machine = try ScriptedNVML.machine()
        let meter = GPUMeter(names: [library.path], root: machine.root)
        #expect(meter.read(at: 0).devices.isEmpty)
        try library.rewrite(ScriptedNVML.hopper)
        #expect(meter.read(at: 1).devices.isEmpty)
        #expect(meter.read(at: 11).devices.count == 1)
    }

    @Test("AMD's and Intel's devices, as far as the kernel tells")
    func sysfs() throws {
        let machine = try FakeRoot([
            "/sys/class/drm/card0/device/vendor": "0x1002\n", "/sys/class/drm/card0/device/device": "0x744c\n",
            "/sys/class/drm/card0/device/product_name": "Radeon RX 7900\n", "/sys/class/drm/card0/device/gpu_busy_percent": "73\n",
            "/sys/class/drm/card0/device/mem_info_vram_used": "1000\n", "/sys/class/drm/card0/device/mem_info_vram_total": "4000\n",
            "/sys/class/drm/card0/device/hwmon/hwmon3/power1_average": "150000000\n",
            "/sys/class/drm/card0/device/hwmon/hwmon3/temp1_input": "61000\n",
            "/sys/class/drm/card0/device/hwmon/hwmon3/freq1_input": "2400000000\n", "/sys/class/drm/card0-DP-1/status": "connected\n",
            "/sys/class/drm/card1/device/vendor": "0x8086\n", "/sys/class/drm/card1/device/device": "0x46a6\n",
            "/sys/class/drm/card1/gt_act_freq_mhz": "900\n", "/sys/class/drm/card1/power/rc6_residency_ms": "5000\n",
        ])
        let meter = GPUMeter(names: [], root: machine.root)
        _ = meter.read(at: 0)
        try machine.write("/sys/class/drm/card1/power/rc6_residency_ms", "5600\n")
        let devices = meter.read(at: 1).devices
        #expect(devices.map(\.name) == ["Radeon RX 7900", "Intel 0x46a6"])
        #expect(devices.map(\.busy) == [73, 40])
        #expect((devices.first?.power, devices.first?.temperature, devices.first?.clock) == (150, 61, 2400))
        #expect((devices.first?.memoryUsed, devices.first?.memoryTotal) == (1000, 4000))
    }
}
