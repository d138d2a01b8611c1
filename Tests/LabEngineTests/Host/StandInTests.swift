import Foundation
import Glibc
import HostFacts
import LabFile
import LabSupport
import TestSupport
import Testing

@Suite struct StandInTests {
    private let environment = ProcessInfo.processInfo.environment
    private let anyLine: @Sendable (ChildLine) -> Void = { _ in }

    private func list(_ tar: String) async throws -> [String] {
        let lines = Locked<[String]>([])
        let command = ChildCommand("/bin/tar", ["-tvf", tar], environment: ["LC_ALL": "C"], timeout: .seconds(30))
        let result = try await ChildProcess.run(command) { line in lines.withLock { $0.append(line.text) } }
        #expect(result.exitCode == 0)
        return lines.withLock { $0 }
    }

    @Test func busyboxBecomesASmallSystem() async throws {
        let cache = try FakeRoot()
        let network = HostNetwork.read(environment: environment)
        let builder = StandInBuilder(cache: cache.path, network: network, environment: environment)
        let files = [InlineFile(path: "/etc/motd", content: "hello\n")]
        let tar = try await builder.build(.busybox(files: files))
        let lines = try await list(tar)
        #expect(lines.contains { $0.hasSuffix("./bin/ls -> /bin/busybox") })
        #expect(lines.contains { $0.hasSuffix("./usr/bin/id -> /bin/busybox") })
        #expect(lines.contains { $0.hasPrefix("-rwxr-xr-x 0/0") && $0.hasSuffix("./bin/busybox") })
        #expect(lines.contains { $0.hasPrefix("drwxrwxrwt 0/0") && $0.hasSuffix("./tmp/") })
        #expect(lines.contains { $0.hasPrefix("-rw-r--r-- 0/0") && $0.hasSuffix("./etc/motd") })
        #expect(try FileManager.default.contentsOfDirectory(atPath: cache.path) == [tar.split(separator: "/").last.map(String.init)])
        // A second time nothing is run, so an environment without any program is enough.
        let again = StandInBuilder(cache: cache.path, network: network, environment: ["PATH": "/nonexistent"])
        #expect(try await again.build(.busybox(files: files)) == tar)
    }

    /// The applets are links to /bin/busybox, which as a path of this machine is its own busybox.
    @Test func filesOfALabReplaceAppletsAndNothingOfThisMachine() async throws {
        let cache = try FakeRoot()
        let busybox = try? Files.read("/bin/busybox")
        let builder = StandInBuilder(cache: cache.path, network: HostNetwork.read(environment: environment), environment: environment)
        let tar = try await builder.build(.busybox(files: [InlineFile(path: "/bin/ls", content: "mine\n")]))
        #expect(try await list(tar).contains { $0.hasPrefix("-rw-r--r-- 0/0") && $0.hasSuffix("./bin/ls") })
        #expect((try? Files.read("/bin/busybox")) == busybox)
        for path in ["/../evil", "etc/../../../evil"] {
            let error = await #expect(throws: LabError.self) {
                try await builder.build(.busybox(files: [InlineFile(path: path, content: "no")]))
            }
            #expect(error?.code == .fileOutside)
        }
    }

    @Test(
        "Words of a lab are no options of the programs that build its images",
        arguments: [
            StandIn.debian(suite: "--setup-hook=touch /tmp/ailab-pwned", include: []), .debian(suite: "../../x", include: []),
            .debian(suite: "trixie", include: ["a b"]), .debian(suite: "trixie", include: ["--x"]), .debian(suite: "", include: []),
        ])
    func options(standIn: StandIn) async throws {
        let fake = try FakeRoot(["/etc/os-release": "ID=debian\n", "/cache/x": ""])
        try fake.write("/usr/bin/mmdebstrap", "#!/bin/sh\ntouch \"$0.ran\"\n")
        chmod(fake.path + "/usr/bin/mmdebstrap", 0o755)
        let builder = StandInBuilder(cache: "/cache", network: HostNetwork(), environment: environment, root: fake.root)
        let error = await #expect(throws: LabError.self) { try await builder.build(standIn) }
        #expect(error?.code == .standinFailed)
        #expect(!Files.exists(fake.path + "/usr/bin/mmdebstrap.ran"))
    }

    @Test func aMissingProgramComesWithItsCure() async throws {
        let ubuntu = try FakeRoot(["/etc/os-release": "ID=ubuntu\nID_LIKE=debian\n", "/cache/x": ""])
        func hint(_ standIn: StandIn) async -> String? {
            let builder = StandInBuilder(cache: "/cache", network: HostNetwork(), environment: environment, root: ubuntu.root)
            let error = await #expect(throws: LabError.self) { try await builder.build(standIn) }
            #expect(error?.code == .standinMissingProgram)
            return error?.hint?.en
        }
        #expect(await hint(.debian(suite: "trixie", include: [])) == "Install it: sudo apt-get install -y mmdebstrap")
        #expect(await hint(.busybox(files: [])) == "Install it: sudo apt-get install -y busybox-static")
        // Ubuntu's apt does not know Debian's keys.
        try ubuntu.write("/usr/bin/mmdebstrap", "")
        chmod(ubuntu.path + "/usr/bin/mmdebstrap", 0o755)
        #expect(await hint(.debian(suite: "trixie", include: [])) == "Install it: sudo apt-get install -y debian-archive-keyring")
    }

    @Test func aProgramThatFailsShowsItsWordsAndLeavesNothing() async throws {
        let fake = try FakeRoot(["/etc/os-release": "ID=debian\n", "/cache/x": ""])
        try fake.write("/usr/bin/mmdebstrap", "#!/bin/sh\necho 'E: no mirror' >&2\nexit 25\n")
        chmod(fake.path + "/usr/bin/mmdebstrap", 0o755)
        let builder = StandInBuilder(cache: "/cache", network: HostNetwork(), environment: environment, root: fake.root)
        let error = await #expect(throws: LabError.self) { try await builder.build(.debian(suite: "trixie", include: [])) }
        #expect(error?.code == .standinFailed)
        #expect(error?.exitCode == 25)
        #expect(error?.cause == "E: no mirror")
        #expect(try FileManager.default.contentsOfDirectory(atPath: fake.path + "/cache") == ["x"])
    }

    @Test(.tags(.root), .needsOfTags)
    func debianBecomesAMinimalSystem() async throws {
        let cache = try FakeRoot()
        let network = HostNetwork.read(environment: environment)
        let builder = StandInBuilder(cache: cache.path, network: network, environment: environment)
        let tar = try await builder.build(.debian(suite: "trixie", include: ["ca-certificates"]))
        let lines = try await list(tar)
        #expect(lines.contains { $0.hasSuffix("./usr/bin/apt-get") })
        #expect(lines.contains { $0.hasSuffix("./usr/sbin/update-ca-certificates") })
    }
}
