import Telemetry
import TestSupport
import Testing

@Suite("Telemetry: this machine")
struct HostMeterTests {
    private static func stat(_ busy: Int, _ idle: Int, waiting: Int = 0, stolen: Int = 0) -> String {
        let row = "\(busy) 0 0 \(idle) \(waiting) 0 0 \(stolen) 0 0"
        return "cpu  \(row)\ncpu0 \(row)\ncpu1 0 0 0 \(busy + idle) 0 0 0 0 0 0\nintr 5\n"
    }

    @Test("Rates come from two looks, each of its own counters")
    func rates() throws {
        let machine = try FakeRoot([
            "/proc/stat": Self.stat(100, 100), "/proc/loadavg": "0.50 1.25 2.00 1/100 4242\n",
            "/proc/meminfo": "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\nSwapTotal: 10 kB\nSwapFree: 4 kB\n",
            "/proc/diskstats": "8 0 sda 1 0 100 0 1 0 200 0 0 50 0\n8 1 sda1 1 0 100 0 1 0 200 0 0 50 0\n",
            "/proc/net/dev": "h\nh\n lo: 9 0 0 0 0 0 0 0 9 0\n eth0: 1000 1 0 0 0 0 0 0 500 1\n veth1: 7 0 0 0 0 0 0 0 7 0\n",
            "/proc/pressure/io": "some avg10=12.50 avg60=1 avg300=1 total=5\nfull avg10=3.00 avg60=1 avg300=1 total=5\n",
        ])
        var meter = HostMeter(folder: "/", root: machine.root)
        let first = meter.read(at: 10)
        #expect(first.cpu == nil && first.cores.isEmpty && first.disk.read == nil)
        #expect(first.load == [0.5, 1.25, 2])
        #expect((first.memory?.total, first.memory?.used) == (1_024_000, 614_400))
        #expect((first.memory?.swapTotal, first.memory?.swapUsed) == (10_240, 6144))
        #expect(first.pressure?.io == 12.5 && first.pressure?.ioFull == 3 && first.pressure?.cpu == nil)
        try machine.write("/proc/stat", Self.stat(160, 120, waiting: 10, stolen: 10))
        try machine.write("/proc/diskstats", "8 0 sda 1 0 104 0 1 0 208 0 0 1050 0\n8 1 sda1 1 0 104 0 1 0 208 0 0 1050 0\n")
        try machine.write("/proc/net/dev", "h\nh\n lo: 9 0 0 0 0 0 0 0 9 0\n eth0: 3000 1 0 0 0 0 0 0 700 1\n")
        let second = meter.read(at: 12)
        #expect(second.cores == [60, 0] && second.cpu == 60)
        #expect((second.ioWait, second.steal) == (10, 10))
        #expect((second.disk.read, second.disk.written, second.disk.busy) == (1024, 2048, 50))
        #expect((second.network?.into, second.network?.out) == (1000, 100))
    }

    @Test("Counters that go back, as after a hot-plug, give no rate")
    func backwards() throws {
        let machine = try FakeRoot([
            "/proc/stat": Self.stat(100, 100), "/proc/net/dev": "h\n eth0: 1000 1 0 0 0 0 0 0 500 1\n",
        ])
        var meter = HostMeter(folder: "/", root: machine.root)
        _ = meter.read(at: 0)
        try machine.write("/proc/stat", Self.stat(50, 100))
        try machine.write("/proc/net/dev", "h\n eth0: 10 1 0 0 0 0 0 0 5 1\n")
        let sample = meter.read(at: 1)
        #expect(sample.cores == [0, 0])
        #expect(sample.network == nil)
    }

    @Test("Memory bandwidth where the kernel counts it")
    func bandwidth() throws {
        let file = "/sys/fs/resctrl/mon_data/mon_L3_00/mbm_total_bytes"
        let machine = try FakeRoot([file: "1000\n", "/proc/stat": Self.stat(1, 1)])
        var meter = HostMeter(folder: "/", root: machine.root)
        _ = meter.read(at: 0)
        try machine.write(file, "9000\n")
        #expect(meter.read(at: 2).memoryBandwidth == 4000)
    }

    @Test("This machine answers")
    func real() throws {
        var meter = HostMeter(folder: "/tmp")
        _ = meter.read(at: 0)
        let sample = meter.read(at: 1)
        #expect(sample.processors >= 1 && sample.cores.count == sample.processors)
        #expect(try #require(sample.memory).total > 0)
        #expect(try #require(sample.disk.total) > 0)
    }
}
