import ContainerEngine
import Glibc
import HTTPTransport
import LabSupport
import TestSupport
import Testing

@Suite("Docker, real engine: containers", .tags(.engine), .needsOfTags, .timeLimit(.minutes(3)))
struct RealContainerTests {
    private static func sleeper(_ engine: RealEngine) async throws -> String {
        let id = try await engine.container(["/bin/sleep", "300"]) { $0.usesInit = false }
        try await engine.docker.startContainer(id)
        return id
    }

    @Test("A program inside runs to its end: exit code, both channels, environment, directory")
    func exec() async throws {
        try await RealEngine.with("exec") { engine in
            let id = try await Self.sleeper(engine)
            var config = ExecConfig(["/bin/sh", "-c", "echo $WHO in $PWD; echo bad >&2; exit 42"])
            config.environment = ["WHO": "me"]
            config.workingDirectory = "/tmp"
            let result = try await engine.docker.exec(id, config)
            #expect(result.exitCode == 42)
            #expect(String(decoding: result.stdout, as: UTF8.self) == "me in /tmp\n")
            #expect(String(decoding: result.stderr, as: UTF8.self) == "bad\n")
            try await engine.docker.stopContainer(id, grace: .seconds(0))
            let error = await #expect(throws: DockerError.self) { try await engine.docker.exec(id, ExecConfig(["true"])) }
            #expect(error.map { LabError($0).code } == .containerNotRunning)
        }
    }

    @Test("Files go in and come out again, links and directories included")
    func archive() async throws {
        try await RealEngine.with("archive") { engine in
            let docker = engine.docker
            let id = try await engine.container(["true"])
            let source = try TemporaryDirectory()
            try source.write("hello", to: "in/a.txt")
            try source.write(String(repeating: "x", count: 300_000), to: "in/deep/b.bin", mode: 0o755)
            try source.link("in/link", to: "a.txt")
            try await docker.upload(try BuildContext(directory: source.path).archive().body, to: "/tmp", in: id)
            let status = try await docker.stat("/tmp/in/deep/b.bin", in: id)
            #expect(status.size == 300_000)
            #expect(status.mode & 0o777 == 0o755)
            #expect(try await docker.readFile("/tmp/in/a.txt", in: id) == Array("hello".utf8))
            let target = try TemporaryDirectory()
            let result = try await docker.download("/tmp/in", from: id, to: PathBelow(".", in: target.path))
            #expect(result.files.sorted() == ["in/a.txt", "in/deep/b.bin"])
            #expect(Files.tree(target.path) == Files.tree(source.path))
            #expect(try Files.text(target.path + "/in/link") == "hello")
            let error = await #expect(throws: DockerError.self) { try await docker.stat("/none", in: id) }
            #expect(error?.status == 404)
        }
    }

    @Test("A shell with a terminal is attached, resized and typed into")
    func terminal() async throws {
        try await RealEngine.with("tty") { engine in
            let docker = engine.docker
            let id = try await engine.container(["/bin/sh"]) {
                $0.hasTerminal = true
                $0.keepsInputOpen = true
            }
            let connection = try await docker.attach(id)
            let waiting = try await docker.beginWait(id, for: .nextExit)
            try await docker.startContainer(id)
            try await docker.resizeContainer(id, columns: 101, rows: 33)
            var typed = Typed(connection)
            try await typed.type("stty size\n", until: "33 101")
            try await typed.type("exit 5\n", until: "exit 5")
            #expect(try await waiting.exitCode() == 5)
            let logs = try await docker.logs(id).collect()
            #expect(String(decoding: logs.stdout, as: UTF8.self).contains("33 101"))
        }
    }

    /// Types into a connection and reads what comes back.
    private struct Typed {
        let connection: RawConnection
        var seen: [UInt8]

        init(_ connection: RawConnection) {
            self.connection = connection
            seen = connection.early
        }

        mutating func type(_ text: String, until expected: String) async throws {
            #expect(Files.writeAll(Array(text.utf8), to: connection.descriptor) == 0)
            var buffer = [UInt8](repeating: 0, count: 4096)
            for _ in 0..<500 {
                let count = read(connection.descriptor, &buffer, buffer.count)
                if count > 0 { seen += buffer[..<count] }
                if String(decoding: seen, as: UTF8.self).contains(expected) { return }
                if count == 0 { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            Issue.record("no \(expected) in \(String(decoding: seen, as: UTF8.self).debugDescription)")
        }
    }

    @Test("One sample of the use of memory, processor and processes")
    func stats() async throws {
        try await RealEngine.with("stats") { engine in
            let id = try await Self.sleeper(engine)
            let sample = try #require(try await engine.firstStats(of: id))
            #expect(sample.memory.used > 0)
            #expect(sample.processes >= 1)
        }
    }

    @Test("What happens to a container shows in the events, and in the list by label")
    func events() async throws {
        try await RealEngine.with("events") { engine in
            let docker = engine.docker
            let filter = ["\(RealEngine.label)=\(engine.id)"]
            let events = try await docker.events(kinds: ["container"], labels: filter)
            let id = try await engine.container(["/bin/sh", "-c", "exit 3"])
            try await docker.startContainer(id)
            var seen: [String] = []
            for try await event in events {
                #expect(event.subject == id)
                seen.append(event.action)
                if event.action == "die" {
                    #expect(event.attributes["exitCode"] == "3")
                    break
                }
            }
            #expect(seen.filter { $0 != "attach" } == ["create", "start", "die"])
            // The engine tells of the end before its own list shows it.
            #expect(try await docker.wait(id) == 3)
            let listed = try await docker.listContainers(all: true, labels: filter)
            #expect(listed.map(\.id) == [id])
            #expect(listed.first?.status == .exited)
            #expect(try await docker.listContainers(labels: filter).isEmpty)
        }
    }

    @Test("Ports, limits, mounts and environment arrive as asked, and the port is published on loopback")
    func configuration() async throws {
        try await RealEngine.with("config") { engine in
            let folder = try TemporaryDirectory()
            try folder.write("shared", to: "file")
            let id = try await engine.container(["/bin/sh", "-c", "cat /data/file; echo $A; while :; do sleep 1; done"]) {
                $0.environment = ["A": "b=c d"]
                $0.mounts = [ContainerMount(source: folder.path, target: "/data", isReadOnly: true)]
                $0.ports = [PortMapping(container: 8080, host: nil)]
                $0.memory = 64 << 20
                $0.sharedMemory = 32 << 20
                $0.cpus = 0.5
                $0.hostname = "lab"
            }
            try await engine.docker.startContainer(id)
            let details = try await engine.docker.inspectContainer(id)
            #expect(details.hostConfig.memory == 64 << 20)
            #expect(details.hostConfig.sharedMemory == 32 << 20)
            #expect(details.hostConfig.nanoCPUs == 500_000_000)
            #expect(details.mounts.first?.isWritable == false)
            let port = try #require(details.ports.first)
            #expect((port.container, port.transport, port.address) == (8080, "tcp", "127.0.0.1"))
            #expect(details.address != nil)
            var options = LogOptions(follows: true)
            options.stderr = false
            var seen = ""
            for try await chunk in try await engine.docker.logs(id, options) {
                seen += String(decoding: chunk.bytes, as: UTF8.self)
                if seen == "sharedb=c d\n" { break }
            }
            // The same port again is refused, with a status that tells nothing.
            let second = try await engine.container(["true"]) { $0.ports = [PortMapping(container: 80, host: port.host)] }
            let error = await #expect(throws: DockerError.self) { try await engine.docker.startContainer(second) }
            #expect(error.map { LabError($0).code } == .portTaken)
        }
    }

    @Test("A GPU that the engine cannot give is a code of its own, or works")
    func gpu() async throws {
        try await RealEngine.with("gpu") { engine in
            let id = try await engine.container(["true"]) { $0.gpus = .all }
            do {
                try await engine.docker.startContainer(id)
            } catch let error as DockerError {
                #expect(LabError(error).family == "gpu")
            }
        }
    }

    @Test("The engine tells of itself and of its disk")
    func system() async throws {
        try await RealEngine.with("system") { engine in
            let info = try await engine.docker.info()
            #expect((info.cpus ?? 0) > 0 && (info.memory ?? 0) > 0)
            let version = try await engine.docker.engineVersion()
            #expect(version.version == info.serverVersion)
            #expect((try await engine.docker.diskUsage().layers ?? 0) > 0)
            #expect(EngineKind(ping: engine.docker.ping, info: info).isDesktop == false)
        }
    }
}
