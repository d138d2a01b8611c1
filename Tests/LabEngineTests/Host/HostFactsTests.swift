import HostFacts
import LabSupport
import Testing

@Suite struct HostFactsTests {
    @Test func thisMachineHasItsBasics() throws {
        let facts = HostFacts.read(folder: "/tmp/does/not/exist")
        #expect(facts.processors.usable >= 1)
        #expect((facts.memory.value?.total ?? 0) > 100 << 20)
        #expect(facts.disk.value?.folder == "/tmp")
        #expect((facts.disk.value?.free ?? 0) > 0)
        #expect(!facts.kernel.isEmpty)
        #expect(facts.distribution.value != nil)
    }

    @Test func limitsOfTheUnifiedHierarchyAreTheLeastOnTheWay() throws {
        let fake = try FakeRoot([
            "/proc/self/mounts": "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n",
            "/proc/self/cgroup": "0::/user.slice/session.scope\n",
            "/sys/fs/cgroup/cgroup.controllers": "cpu memory pids\n",
            "/sys/fs/cgroup/user.slice/memory.max": "1073741824\n",
            "/sys/fs/cgroup/user.slice/session.scope/memory.max": "max\n",
            "/sys/fs/cgroup/user.slice/session.scope/cpu.max": "150000 100000\n",
            "/proc/self/status": "Name:\tx\nCpus_allowed_list:\t0-3,8\n",
        ])
        let facts = HostFacts.read(folder: "/", root: fake.root)
        #expect(facts.controlGroups.version == .v2)
        #expect(facts.controlGroups.controllers == ["cpu", "memory", "pids"])
        #expect(facts.controlGroups.memoryLimit == 1 << 30)
        #expect(facts.controlGroups.processorLimit == 1.5)
        #expect(facts.processors.allowed == 5)
        #expect(facts.processors.usable <= 2)
    }

    @Test func theOldHierarchiesAreRead() throws {
        let fake = try FakeRoot([
            "/proc/self/mounts": """
            cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
            cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0
            cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0

            """,
            "/proc/self/cgroup": "4:memory:/docker/x\n1:cpu,cpuacct:/\n0::/\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes": "536870912\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        ])
        let groups = HostFacts.read(folder: "/", root: fake.root).controlGroups
        #expect(groups.version == .hybrid)
        #expect(groups.controllers == ["cpu", "cpuacct", "memory"])
        #expect(groups.memoryLimit == 512 << 20)
        #expect(groups.processorLimit == nil)
    }

    @Test func withoutAnythingEveryAbsenceHasAReason() throws {
        let facts = HostFacts.read(folder: "/", root: try FakeRoot().root)
        #expect(facts.controlGroups.version == .none)
        for reason in [
            facts.memory.reason, facts.distribution.reason, facts.nvidia.devices.reason, facts.nvidia.driverVersion.reason,
            facts.nvidia.nodes.reason,
        ] {
            let text = try #require(reason)
            #expect(!text.en.isEmpty && !text.zh.isEmpty)
        }
    }

    @Test func aGPUWithoutDriverIsToldApart() throws {
        let fake = try FakeRoot([
            "/sys/bus/pci/devices/0000:01:00.0/vendor": "0x10de\n",
            "/sys/bus/pci/devices/0000:01:00.0/class": "0x030000\n",
            "/sys/bus/pci/devices/0000:01:00.1/vendor": "0x10de\n",
            "/sys/bus/pci/devices/0000:01:00.1/class": "0x040300\n",
        ])
        let nvidia = HostFacts.read(folder: "/", root: fake.root).nvidia
        #expect(nvidia.devices == .known(["0000:01:00.0"]))
        #expect(nvidia.driverVersion.reason?.en == "This machine has an NVIDIA GPU, but the kernel driver is not loaded.")
    }

    @Test(arguments: [
        ("NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.161.08  Sat Feb 24 2024\nGCC version: 12.2.0\n", "535.161.08"),
        ("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  560.35.03  Release Build\n", "560.35.03"),
    ])
    func theDriversVersionIsFound(text: String, version: String) throws {
        let fake = try FakeRoot(["/proc/driver/nvidia/version": text, "/dev/nvidia0": "", "/dev/nvidiactl": ""])
        let nvidia = HostFacts.read(folder: "/", root: fake.root).nvidia
        #expect(nvidia.driverVersion == .known(version))
        #expect(nvidia.nodes == .known(["/dev/nvidia0"]))
    }

    @Test func groupsThatCountAfterTheNextLoginAreTold() throws {
        let me = HostFacts.read(folder: "/").user
        let fake = try FakeRoot([
            "/etc/passwd": "tester:x:\(me.id):0::/:/bin/sh\n", "/etc/group": "docker:x:54321:ann,tester\nother:x:54322:ann\n",
        ])
        let user = HostFacts.read(folder: "/", root: fake.root).user
        #expect(user.name == "tester")
        #expect(user.groupsAfterLogin == ["docker"])
    }

    @Test func escapedMountPointsAreRead() throws {
        let fake = try FakeRoot(["/proc/self/mounts": "/dev/a / ext4 rw 0 0\n/dev/b /my\\040disk xfs rw 0 0\n"])
        #expect(KernelMount.holding("/my disk/x", root: fake.root)?.type == "xfs")
        #expect(KernelMount.holding("/my", root: fake.root)?.type == "ext4")
    }
}
