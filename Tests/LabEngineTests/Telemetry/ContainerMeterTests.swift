import HostFacts
import Telemetry
import Testing

@Suite("Telemetry: a container's files")
struct ContainerMeterTests {
    static let id = String(repeating: "ab12", count: 16)

    private static func read(_ machine: FakeRoot, at time: Double) throws -> ContainerCounters {
        let mounts = KernelMount.all(root: machine.root)
        let files = try #require(ControlGroupFiles(pid: 42, id: id, root: machine.root, mounts: mounts))
        return try #require(files.read(at: time, hostMemory: 8e9))
    }

    /// What two looks at a container make of it.
    private static func sample(_ before: ContainerCounters, _ now: ContainerCounters) -> ContainerSample {
        var sample = ContainerSample(id: id, name: "c", image: "i")
        sample.fill(before, now)
        return sample
    }

    @Test("Version 2")
    func unified() throws {
        let group = "/sys/fs/cgroup/system.slice/docker-\(Self.id).scope"
        let machine = try FakeRoot([
            "/proc/self/mounts": "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n",
            "/proc/42/cgroup": "0::/system.slice/docker-\(Self.id).scope\n",
            "\(group)/cpu.stat": "usage_usec 1000000\nuser_usec 1\nsystem_usec 1\nnr_periods 10\nnr_throttled 2\nthrottled_usec 9\n",
            "\(group)/cpu.max": "50000 100000\n", "\(group)/memory.current": "5000\n", "\(group)/memory.max": "max\n",
            "\(group)/memory.stat": "anon 1\ninactive_file 2000\nactive_file 7\n",
            "\(group)/io.stat": "8:0 rbytes=100 wbytes=200 rios=1\n8:16 rbytes=1 wbytes=2\n", "\(group)/pids.current": "3\n",
            "\(group)/pids.max": "max\n", "\(group)/cgroup.procs": "42\n43\n",
            "/proc/42/net/dev": "h\nh\n lo: 5 0 0 0 0 0 0 0 5 0\n eth0: 300 0 0 0 0 0 0 0 70 0\n",
        ])
        let before = try Self.read(machine, at: 0)
        #expect((before.memory, before.memoryLimit, before.processes, before.processLimit) == (3000, nil, 3, nil))
        #expect((before.read, before.written, before.received, before.sent) == (101, 202, 300, 70))
        try machine.write("\(group)/cpu.stat", "usage_usec 1900000\nnr_periods 30\nnr_throttled 17\n")
        try machine.write("\(group)/memory.max", "4000\n")
        let sample = Self.sample(before, try Self.read(machine, at: 2))
        #expect((sample.cpu, sample.cpuLimit, sample.throttled) == (45, 50, 75))
        #expect(sample.memoryLimit == 4000)
        #expect((sample.disk?.into, sample.disk?.intoTotal) == (0, 101))
    }

    @Test("Version 1, a hierarchy per controller")
    func separate() throws {
        let folder = { (controller: String) in "/sys/fs/cgroup/\(controller)/docker/\(Self.id)" }
        let names = ["cpu", "cpuacct", "memory", "blkio", "pids"]
        let machine = try FakeRoot([
            "/proc/self/mounts": names.map { "cgroup /sys/fs/cgroup/\($0) cgroup rw,relatime,\($0) 0 0\n" }.joined(),
            "/proc/42/cgroup": names.enumerated().map { "\($0.offset + 1):\($0.element):/docker/\(Self.id)\n" }.joined(),
            "\(folder("cpuacct"))/cpuacct.usage": "1000000000\n", "\(folder("cpu"))/cpu.cfs_quota_us": "-1\n",
            "\(folder("cpu"))/cpu.cfs_period_us": "100000\n",
            "\(folder("cpu"))/cpu.stat": "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n",
            "\(folder("memory"))/memory.usage_in_bytes": "9000\n", "\(folder("memory"))/memory.limit_in_bytes": "9223372036854771712\n",
            "\(folder("memory"))/memory.stat": "cache 1\ntotal_inactive_file 1000\n",
            "\(folder("blkio"))/blkio.bfq.io_service_bytes_recursive": "Total 0\n",
            "\(folder("blkio"))/blkio.throttle.io_service_bytes_recursive": "8:0 Read 10\n8:0 Write 20\n8:0 Sync 30\nTotal 30\n",
            "\(folder("pids"))/pids.current": "2\n", "\(folder("pids"))/pids.max": "100\n",
        ])
        let before = try Self.read(machine, at: 0)
        #expect((before.memory, before.memoryLimit, before.cpuLimit) == (8000, nil, nil))
        #expect((before.read, before.written, before.processes, before.processLimit) == (10, 20, 2, 100))
        try machine.write("\(folder("cpuacct"))/cpuacct.usage", "4000000000\n")
        let sample = Self.sample(before, try Self.read(machine, at: 2))
        #expect(sample.cpu == 150)
        #expect(sample.cpuLimit == nil && sample.throttled == nil)
    }

    @Test("A process id that was given to somebody else is not taken for the container's")
    func foreignProcess() throws {
        let machine = try FakeRoot([
            "/proc/self/mounts": "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n", "/proc/42/cgroup": "0::/user.slice\n",
            "/sys/fs/cgroup/user.slice/cpu.stat": "usage_usec 1\n",
        ])
        let mounts = KernelMount.all(root: machine.root)
        #expect(ControlGroupFiles(pid: 42, id: Self.id, root: machine.root, mounts: mounts) == nil)
        #expect(ControlGroupFiles(pid: 43, id: Self.id, root: machine.root, mounts: mounts) == nil)
    }

    @Test("A counter that was reset gives no rate")
    func reset() {
        var before = ContainerCounters(time: 0)
        before.cpu = 500
        var now = ContainerCounters(time: 1)
        now.cpu = 20
        #expect(Self.sample(before, now).cpu == nil)
        #expect(Self.sample(now, now).cpu == nil)
    }

    @Test(
        "A container's id in the name of a control group",
        arguments: [
            ("0::/system.slice/docker-\(id).scope\n", true), ("3:cpu:/docker/\(id)\n", true),
            ("0::/user.slice/user-1000.slice/libpod-\(id).scope/container\n", true), ("0::/\(id)\(id)\n", false),
            ("0::/kubepods/\(id.dropLast())\n", false), ("", false),
        ])
    func containerID(_ text: String, _ isFound: Bool) {
        #expect(ProcessMeter.containerID(inGroups: Array(text.utf8)) == (isFound ? Self.id : nil))
    }
}
