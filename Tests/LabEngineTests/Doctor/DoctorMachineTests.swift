import Glibc
import TestSupport
import Testing

@testable import Doctor
@testable import HTTPTransport
@testable import HostFacts
@testable import LabRunner
@testable import LabSupport

/// Checks on machines that stand in for this one, and on real faults of this one.
@Suite("The doctor: the machine") struct DoctorMachineTests {
    private static func meminfo(available: Int) -> [String: String] {
        ["/proc/meminfo": "MemTotal: 8000000 kB\nMemAvailable: \(available) kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n"]
    }

    private func check(_ id: String, _ files: [String: String], device: RunOptions.Device = .auto) async throws -> ProbeResult {
        let fake = try FakeRoot(files)
        let result = await DoctorLab.check(id, DoctorLab.scene(root: fake.root, device: device))
        withExtendedLifetime(fake) {}
        return try #require(result)
    }

    @Test func littleMemoryIsAdviceAndNoneBlocks() async throws {
        #expect(try await check("memory.available", Self.meminfo(available: 6_000_000)).standing == .good)
        #expect(try await check("memory.available", Self.meminfo(available: 1_500_000)).standing == .advice)
        let none = try await check("memory.available", Self.meminfo(available: 300_000))
        #expect(none.standing == .problem && none.finding?.cause == "memory-low")
        #expect(none.finding?.blocks == ["2.1", "2.2", "2.3", "3.1"])
    }

    @Test func missingControlGroupsBlockContainers() async throws {
        let result = try await check("host.cgroups", ["/proc/self/mounts": "proc /proc proc rw 0 0\n"])
        #expect(result.finding?.cause == "cgroup-problem" && result.standing == .problem)
    }

    @Test(arguments: [("C.UTF-8", ProbeResult.Standing.good), ("zh_CN.utf8", .good), ("C", .advice), ("", .advice)])
    func aShellWithoutUTF8(value: String, standing: ProbeResult.Standing) async throws {
        let result = await DoctorLab.check("host.locale", DoctorLab.scene(environment: ["LANG": value]))
        #expect(result?.standing == standing)
    }

    // MARK: Graphics processor

    private static let card = [
        "/sys/bus/pci/devices/0000:01:00.0/vendor": "0x10de\n", "/sys/bus/pci/devices/0000:01:00.0/class": "0x030200\n",
    ]
    private static func driver(_ version: String) -> [String: String] {
        ["/proc/driver/nvidia/version": "NVRM version: NVIDIA UNIX x86_64 Kernel Module  \(version)  Sat\n"]
    }

    @Test func aMachineWithoutAGPUHasNoProblem() async throws {
        let fake = try FakeRoot(["/sys/bus/pci/devices/x/vendor": "0x8086\n"])
        let report = await Doctor(DoctorLab.scene(root: fake.root)).report(Doctor.Selection(only: ["gpu"]))
        #expect(report.findings.isEmpty && report.results.first?.standing == .note)
        #expect(report.results.dropFirst().allSatisfy { $0.standing == .hidden && $0.hiddenBy == "gpu.device" })
        #expect(report.results.first?.measured.en.contains("CPU") == true)
    }

    @Test func whoInsistsOnAGPUIsBlockedWithoutOne() async throws {
        let result = try await check("gpu.device", ["/sys/bus/pci/devices/x/vendor": "0x8086\n"], device: .gpu)
        #expect(result.standing == .problem && result.finding?.blocks == ["2.3"])
    }

    @Test func aCardWithoutDriver() async throws {
        let result = try await check("gpu.driver", Self.card)
        #expect(result.standing == .advice && result.finding?.cause == "gpu-driver-not-loaded")
        #expect(try await check("gpu.nodes", Self.card).hiddenBy == "gpu.driver")
    }

    @Test(arguments: [("470.10", "gpu-driver-too-old"), ("535.161.08", nil)] as [(String, String?)])
    func theDriversVersion(version: String, cause: String?) async throws {
        let files = Self.card.merging(Self.driver(version)) { first, _ in first }
        #expect(try await check("gpu.version", files).finding?.cause == cause)
    }

    @Test func librariesOfAnotherDriver() async throws {
        var files = Self.card.merging(Self.driver("535.161.08")) { first, _ in first }
        files["/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.550.54"] = ""
        #expect(try await check("gpu.library", files).finding?.cause == "gpu-driver-library-mismatch")
        files["/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.535.161.08"] = ""
        #expect(try await check("gpu.library", files).standing == .good)
    }

    @Test func deviceFilesAndToolkitThatAreMissing() async throws {
        let files = Self.card.merging(Self.driver("535.1")) { first, _ in first }
        #expect(try await check("gpu.nodes", files).finding?.cause == "gpu-nodes-missing")
        #expect(try await check("gpu.toolkit", files).finding?.cause == "gpu-no-nvidia-runtime")
        #expect(try await check("gpu.runtime", files).hiddenBy == "gpu.toolkit")
    }

    // MARK: Disk

    @Test(.tags(.root), .needsOfTags) func aFullDiskUnderTheWorkspace() async throws {
        let disk = try SmallDisk(kilobytes: 256)
        try disk.fill()
        let result = try #require(await DoctorLab.check("disk.workspace", DoctorLab.scene(home: disk.path + "/home")))
        #expect(result.standing == .problem && result.finding?.cause == "disk-full" && result.finding?.blocks == ["2.1"])
        #expect(Files.names(in: disk.path) == ["filler"])
    }

    @Test(.tags(.root), .needsOfTags) func aWorkspaceThatCannotBeWritten() async throws {
        let disk = try SmallDisk(kilobytes: 256)
        #expect(mount("tmpfs", disk.path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), "") == 0)
        let result = try #require(await DoctorLab.check("disk.workspace", DoctorLab.scene(home: disk.path + "/home")))
        #expect(result.standing == .problem && result.finding?.cause == "path-not-writable")
    }

    // MARK: Ports

    @Test func aPortThatSomebodyHolds() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in try connection.respond(200) }
        guard case .tcp(_, let port, _) = server.endpoint else { return }
        let scene = DoctorLab.scene(spec: DoctorLab.spec(port: "\(port)"))
        let result = try #require(await DoctorLab.check("ports.lab", scene))
        #expect(result.finding?.cause == "port-in-use" && result.finding?.blocks == ["2.2", "2.3"])
        #expect(result.measured.en.contains("pid \(getpid())"), "\(result.measured.en)")
        server.stop()
        try await eventually { FreePort.isFree(port) }
        #expect(await DoctorLab.check("ports.lab", scene.with(environment: scene.environment))?.standing == .good)
    }

    @Test func theHolderOfAptsLock() async throws {
        let fake = try FakeRoot(["/etc/os-release": "ID=debian\n", "/var/lib/dpkg/lock-frontend": ""])
        let scene = DoctorLab.scene(root: fake.root)
        #expect(await DoctorLab.check("host.apt", scene)?.standing == .good)
        var status = stat()
        stat(fake.root.real("/var/lib/dpkg/lock-frontend"), &status)
        try fake.write("/proc/locks", "1: POSIX  ADVISORY  WRITE 4242 fe:00:\(status.st_ino) 0 EOF\n")
        try fake.write("/proc/4242/comm", "apt-get\n")
        try fake.write("/proc/4242/fd/none", "")
        symlink("/var/lib/dpkg/lock-frontend", fake.root.real("/proc/4242/fd/5"))
        let result = try #require(await DoctorLab.check("host.apt", scene))
        #expect(result.finding?.cause == "apt-lock-held" && result.standing == .advice)
        #expect(result.measured.en.contains("4242"))
    }
}
