import Glibc
import TestSupport
import Testing

@testable import ContainerEngine
@testable import Diagnosis
@testable import HostFacts
@testable import LabSupport

@Suite("What cures find out about the machine") struct CureFactsTests {
    @Test("an engine's folder is root's from the top, and nobody else may write there") func roots() {
        #expect(RoomyFolder.isRoots("/usr/lib"))
        for folder in ["/tmp", "/var/tmp", "/var/tmp/x", "/proc/self/cwd", "/usr/none", "/"] {
            #expect(!RoomyFolder.isRoots(folder), "\(folder)")
        }
    }

    @Test("a disk for an engine's data: not memory, not plugged in, not a folder of another user's", .tags(.root), .needsOfTags)
    func engine() throws {
        let folder = try TemporaryDirectory()
        let root = HostRoot(folder.path)
        func mounts(_ points: [String], type: String = "ext4") throws {
            for point in points { try Files.makeDirectory(folder.path + point) }
            let lines = points.map { "/dev/x \($0) \(type) rw 0 0\n" }.joined()
            try Files.makeDirectory(folder.path + "/proc/self")
            try Files.write(Array(lines.utf8), to: folder.path + "/proc/self/mounts")
        }
        try mounts(["/media/stick", "/var/tmp", "/tmp"])
        #expect(RoomyFolder.findForEngine(root: root) == nil)
        try mounts(["/mnt/disk"])
        #expect(chmod(folder.path + "/mnt/disk", 0o1777) == 0)
        #expect(RoomyFolder.findForEngine(root: root) == nil)
        #expect(chmod(folder.path + "/mnt/disk", 0o755) == 0)
        #expect(RoomyFolder.findForEngine(root: root) == "/mnt/disk")
        #expect(chown(folder.path + "/mnt", 12345, 12345) == 0)
        #expect(RoomyFolder.findForEngine(root: root) == nil)
        #expect(chown(folder.path + "/mnt", 0, 0) == 0)
        try mounts(["/mnt/disk"], type: "tmpfs")
        #expect(RoomyFolder.findForEngine(root: root) == nil)
    }

    /// A root folder with dpkg's lock, and a process whose open files may not be seen.
    private func locked(_ folder: TemporaryDirectory, minor: UInt32 = 0) throws -> HostRoot {
        let lock = folder.path + "/var/lib/dpkg/lock-frontend"
        try Files.makeDirectory(folder.path + "/var/lib/dpkg")
        try Files.write([], to: lock)
        var status = stat()
        guard stat(lock, &status) == 0 else { throw SystemFailure(call: "stat", number: errno) }
        let device = UInt64(status.st_dev)
        let major = String((device >> 8 & 0xFFF) + (minor > 0 ? 1 : 0), radix: 16)
        let line = "1: POSIX  ADVISORY  WRITE 4242 \(major):\(String((device & 0xFF) + UInt64(minor), radix: 16)):\(status.st_ino) 0 EOF\n"
        try Files.makeDirectory(folder.path + "/proc/4242")
        try Files.write(Array(line.utf8), to: folder.path + "/proc/locks")
        return HostRoot(folder.path)
    }

    @Test("who holds apt's lock is found where its open files may not be seen, too") func hiddenFiles() throws {
        let folder = try TemporaryDirectory()
        let root = try locked(folder)
        #expect(AptLock(root: root).holder == .init(pid: 4242, program: "process 4242", path: "/var/lib/dpkg/lock-frontend"))
        try Files.write(Array("apt-get\n".utf8), to: folder.path + "/proc/4242/comm")
        #expect(AptLock(root: root).holder?.program == "apt-get")
    }

    @Test("the same inode number on another file system is another file") func otherDevice() throws {
        let folder = try TemporaryDirectory()
        #expect(AptLock(root: try locked(folder, minor: 1)).holder == nil)
    }

    @Test("an image is removed by all its names, one without a name by its id") func names() {
        #expect(Removals.Image(id: "sha256:1", tags: ["a:1", "b:1"], bytes: 1).targets == ["a:1", "b:1"])
        #expect(Removals.Image(id: "sha256:1", tags: ["a:1", "b:1"], bytes: 1).name == "a:1, b:1")
        #expect(Removals.Image(id: "sha256:1", tags: [], bytes: 1).targets == ["sha256:1"])
    }

    @Test("an image in two repositories goes as the plan names it", .tags(.engine), .needsOfTags) func twoRepositories() async throws {
        try await RealEngine.with("removals") { engine in
            let own = "ailab-removals-\(getpid())"
            let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "DOCKER_HOST": engine.docker.endpoint.dockerHost]
            func docker(_ script: String) async throws -> Int {
                try await ChildProcess.run(ChildCommand("/bin/sh", ["-c", script], environment: environment, timeout: .seconds(60)))
                    .exitCode
            }
            let made = try await docker(
                "echo \(own) >/tmp/\(own) && tar c -C /tmp \(own) | docker import - \(own)/a:1 && docker tag \(own)/a:1 \(own)/b:1")
            unlink("/tmp/\(own)")
            #expect(made == 0)
            let image = try #require(try await Removals.unusedImages(engine.docker).first { $0.tags.contains("\(own)/a:1") })
            #expect(Set(image.targets) == ["\(own)/a:1", "\(own)/b:1"])
            #expect(try await docker("docker rmi \(image.id)") != 0)
            #expect(try await docker("docker rmi " + image.targets.joined(separator: " ")) == 0)
            #expect(try await !engine.docker.listImages().contains { $0.id == image.id })
        }
    }
}
