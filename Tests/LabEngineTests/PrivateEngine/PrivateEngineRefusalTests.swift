import Foundation
import Glibc
import HTTPTransport
import LabSupport
import PrivateEngine
import TestSupport
import Testing

/// What is refused before anything is touched, on fake machines. Root only gets past the first question, so these run as root alone.
@Suite(.tags(.root), .needsOfTags)
struct PrivateEngineRefusalTests {
    private static let healthy = [
        "/etc/os-release": "ID=debian\n",
        "/proc/self/mounts": "/dev/a / ext4 rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n",
        "/proc/filesystems": "nodev\tproc\nnodev\toverlay\n\text4\n",
    ]

    /// The programs of the fake machine do nothing, so that no test can start a real engine.
    private func refusal(
        _ changes: [String: String] = [:], folder: String = "/var/lib/ailab/engine",
        options: PrivateEngineOptions = PrivateEngineOptions(minimumFreeBytes: 0), without missing: String = ""
    ) async throws -> LabError? {
        let fake = try FakeRoot(Self.healthy.merging(changes) { $1 })
        for name in ["dockerd", "containerd", "runc", "iptables"] where name != missing {
            try fake.write("/usr/sbin/" + name, "#!/bin/sh\nexit 1\n")
            chmod(fake.path + "/usr/sbin/" + name, 0o755)
        }
        let engine = PrivateEngine(
            layout: PrivateEngineLayout(folder: folder), options: options, http: CurlHTTPClient.shared, environment: ["PATH": "/usr/bin"],
            root: fake.root)
        return await #expect(throws: LabError.self) { try await engine.start() }
    }

    @Test(arguments: [
        ("dockerd", "engine.dockerdMissing", "docker.io"), ("runc", "engine.dockerdMissing", "docker.io"),
        ("iptables", "engine.iptablesMissing", "iptables"),
    ])
    func withoutAProgram(name: String, code: String, package: String) async throws {
        let error = try await refusal(without: name)
        #expect(error?.codeText == code)
        #expect(error?.hint?.en.hasSuffix("sudo apt-get install -y \(package)") == true)
        let elsewhere = try await refusal(["/etc/os-release": "ID=fedora\n"], without: name)
        #expect(elsewhere?.hint?.en.contains("apt-get") == false)
    }

    @Test func withoutControlGroups() async throws {
        let error = try await refusal(["/proc/self/mounts": "/dev/a / ext4 rw 0 0\n"])
        #expect(error?.code == .engineCgroupsMissing)
        #expect(error?.hint?.en.contains("mount -t cgroup2") == true)
        let old = "/dev/a / ext4 rw 0 0\ncgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n"
        #expect(try await refusal(["/proc/self/mounts": old])?.code == .engineCgroupsMissing)
    }

    @Test(arguments: ["overlay", "tmpfs", "nfs4"])
    func onAFileSystemThatCannotLayer(type: String) async throws {
        let mounts = "\(type) / \(type) rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n"
        let error = try await refusal(["/proc/self/mounts": mounts])
        #expect(error?.code == .engineOverlayImpossible)
        #expect(error?.message.en.contains("vfs") == true)
    }

    @Test func withAKernelThatHasNoOverlay() async throws {
        let error = try await refusal(["/proc/filesystems": "\text4\n"])
        #expect(error?.code == .engineOverlayImpossible)
        // A module that can be loaded is as good: the next obstacle is met, here the room.
        let loadable = [
            "/proc/filesystems": "\text4\n", "/proc/sys/kernel/osrelease": "6.1\n",
            "/lib/modules/6.1/modules.dep": "kernel/fs/overlayfs/overlay.ko:\n",
        ]
        let next = try await refusal(loadable, options: PrivateEngineOptions(minimumFreeBytes: .max))
        #expect(next?.code == .engineDiskTooSmall)
    }

    @Test func withAPathThatNoSocketTakes() async throws {
        let error = try await refusal(folder: "/" + String(repeating: "long", count: 20))
        #expect(error?.code == .enginePathTooLong)
        #expect(try await refusal(folder: "relative/path")?.code == .engineFolder)
    }

    @Test func besideAnotherEngineThatDoesNotAnswer() async throws {
        let error = try await refusal([
            "/proc/77/stat": "77 (dockerd) S 1 77 77 0 -1 4194560 1 1 1 1 1 1 1 1 20 0 9 0 4711 1 1\n",
            "/proc/77/cmdline": "/usr/bin/dockerd\u{0}-H\u{0}unix:///nonexistent/docker.sock\u{0}",
        ])
        #expect(error?.code == .engineOtherDaemon)
        #expect(error?.message.en.contains("pid 77") == true)
    }

    /// Docker in a container shows up in our `/proc`, but its bridge isn't ours.
    @Test func anEngineWithANetworkOfItsOwnIsNoObstacle() async throws {
        let fake = try FakeRoot([
            "/proc/77/stat": "77 (dockerd) S 1 77 77 0 -1 4194560 1 1 1 1 1 1 1 1 20 0 9 0 4711 1 1\n",
            "/proc/77/cmdline": "dockerd\u{0}-H\u{0}unix:///nonexistent/docker.sock\u{0}",
        ])
        for (process, namespace) in [("self", "net:[4026531840]"), ("77", "net:[4026532999]")] {
            try FileManager.default.createDirectory(atPath: fake.path + "/proc/\(process)/ns", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: fake.path + "/proc/\(process)/ns/net", withDestinationPath: namespace)
        }
        #expect(ProcessTable.daemons(root: fake.root).isEmpty)
        let link = fake.path + "/proc/77/ns/net"
        try FileManager.default.removeItem(atPath: link)
        #expect(ProcessTable.daemons(root: fake.root).map(\.pid) == [77], "a namespace that can't be read may be ours")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "net:[4026531840]")
        #expect(ProcessTable.daemons(root: fake.root).map(\.pid) == [77])
    }

    @Test func besideAnotherEngineThatAnswersNothingIsStarted() async throws {
        let server = try ScriptedServer { _, connection in try connection.respond(200, body: "OK") }
        guard case .unix(let path) = server.endpoint else { return }
        let fake = try FakeRoot([
            "/proc/77/stat": "77 (a) b) S 1 77 77 0 -1 4194560 1 1 1 1 1 1 1 1 20 0 9 0 4711 1 1\n",
            "/proc/77/cmdline": "dockerd\u{0}--host=unix://\(path)\u{0}",
        ])
        let engine = PrivateEngine(
            layout: PrivateEngineLayout(folder: "/x"), http: CurlHTTPClient.shared, environment: [:], root: fake.root)
        #expect(try await engine.start() == .otherEngine(pid: 77, endpoint: server.endpoint))
    }

    @Test func aStatusWithoutAnEngineIsStopped() async throws {
        let fake = try FakeRoot()
        // A record of an earlier life of the machine names nobody, even if the number is taken again.
        try fake.write("/e/engine.json", #"{"pid": 1, "startTicks": 5, "bootID": "earlier"}"#)
        let engine = PrivateEngine(
            layout: PrivateEngineLayout(folder: "/e"), http: CurlHTTPClient.shared, environment: [:], root: fake.root)
        #expect(await engine.status().state == .stopped)
    }

    @Test func theFolderComesFromTheEnvironment() {
        #expect(PrivateEngineLayout.standard(environment: [:]).folder == "/var/lib/ailab/engine")
        let named = PrivateEngineLayout.standard(environment: ["AILAB_ENGINE_DIR": "/disk/engine/"])
        #expect(named.socket == "/disk/engine/docker.sock")
    }
}
