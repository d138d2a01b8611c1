import Glibc
import TestSupport
import Testing

@testable import ContainerEngine
@testable import Diagnosis
@testable import Doctor
@testable import HTTPTransport
@testable import HostFacts
@testable import LabSupport

/// Checks of sockets without an engine, of scripted engines and of the real one.
@Suite("The doctor: the engine") struct DoctorEngineTests {
    private func socketCheck(_ path: String, _ environment: [String: String] = [:]) async throws -> ProbeResult {
        try #require(await DoctorLab.check("engine.socket", DoctorLab.scene(environment: environment, engine: .unix(path: path))))
    }

    /// A socket whose daemon has ended: the file stays.
    private func staleSocket(_ path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        try #require(result == 0)
    }

    @Test func aStaleSocket() async throws {
        let folder = try TemporaryDirectory()
        try staleSocket(folder.path + "/s")
        let result = try await socketCheck(folder.path + "/s")
        #expect(result.standing == .problem && result.finding?.cause == "docker-daemon-not-running")
        #expect(result.finding?.evidence.contains { $0.en.contains("left behind") } == true)
        #expect(result.finding?.blocks == ["1.2", "2.1", "2.2", "2.3", "3.1"])
    }

    @Test func anAddressThatLeadsNowhere() async throws {
        #expect(try await socketCheck("/tmp/ailab-doctor-nothing-here").finding?.cause == "docker-host-wrong")
        let wrong = await DoctorLab.check("engine.choice", DoctorLab.scene(environment: ["DOCKER_HOST": "there"]))
        #expect(wrong?.finding?.cause == "docker-host-wrong" && wrong?.standing == .problem)
        let remote = await DoctorLab.check("engine.choice", DoctorLab.scene(environment: ["DOCKER_HOST": "ssh://there"]))
        #expect(remote?.finding?.cause == "engine-remote" && remote?.standing == .problem)
        #expect(remote?.measured.en.contains("another machine, there.") == true)
    }

    @Test func noEngineAtAll() async throws {
        let fake = try FakeRoot()
        let scene = DoctorLab.scene(environment: ["DOCKER_HOST": "", "PATH": "/nonexistent"], root: fake.root)
        let report = await Doctor(scene).report(Doctor.Selection(only: ["engine"]))
        #expect(report.findings.first?.finding?.cause == "docker-not-installed")
        let hidden = report.results.filter { $0.standing == .hidden }
        #expect(hidden.map(\.id).contains("engine.version") && hidden.allSatisfy { $0.hiddenBy == "engine.socket" })
    }

    @Test func anEngineThatIsTooOld() async throws {
        let server = try ScriptedServer { request, connection in
            if request.target.hasSuffix("/version") {
                try connection.respond(200, body: #"{"Version":"1.6","ApiVersion":"1.18"}"#)
            } else {
                try connection.respond(200, ["Api-Version": "1.18", "Server": "Docker/1.6 (linux)"], body: "OK")
            }
        }
        let result = await DoctorLab.check("engine.version", DoctorLab.scene(engine: server.endpoint))
        #expect(result?.finding?.cause == "docker-api-version-mismatch" && result?.standing == .problem)
    }

    private func engine(_ server: String, _ info: String, _ more: HTTPHeaders = [:]) throws -> ScriptedServer {
        try ScriptedServer { request, connection in
            var headers: HTTPHeaders = ["Api-Version": "1.41", "Server": server]
            for field in more.fields { headers.append(field.name, field.value) }
            try connection.respond(200, headers, body: request.target == "/_ping" ? "OK" : info)
        }
    }

    @Test func anEngineOnAnotherMachineIsFoundBehindAForwardedSocket() async throws {
        let server = try engine("Docker/28.5.2 (linux)", #"{"Name":"far","KernelVersion":"0.0.1"}"#)
        let result = await DoctorLab.check("engine.machine", DoctorLab.scene(engine: server.endpoint))
        #expect(result?.finding?.cause == "engine-remote" && result?.measured.en.contains("far") == true)
        #expect(result?.finding?.remedies.first?.commands.first?.hasPrefix("unset DOCKER_HOST") == true)
        let near = try engine("Docker/28.5.2 (linux)", "{}")
        #expect(await DoctorLab.check("engine.machine", DoctorLab.scene(engine: near.endpoint))?.standing == .good)
    }

    @Test(arguments: [
        ("5.4.2", "pasta", "", true), ("5.4.2", "slirp4netns", "", false),
        ("5.4.2", "slirp4netns", "[network]\ndefault_rootless_network_cmd = \"slirp4netns\"\n", true), ("4.3.1", "slirp4netns", "", true),
        ("4.3.1", "pasta", "", false),
    ])
    func theNetworkProgramOfRootlessPodman(version: String, program: String, settings: String, isGood: Bool) async throws {
        let root = try FakeRoot(["/etc/containers/containers.conf": settings])
        try root.write("/usr/bin/\(program)", "#!/bin/sh\n")
        #expect(chmod("\(root.path)/usr/bin/\(program)", 0o755) == 0)
        let server = try engine("Libpod/\(version) (linux)", #"{"SecurityOptions":["name=rootless"]}"#, ["Libpod-Api-Version": version])
        let result = await DoctorLab.check("engine.firewall", DoctorLab.scene(root: root.root, engine: server.endpoint))
        #expect(result?.standing == (isGood ? .good : .problem))
        #expect(result?.finding?.cause == (isGood ? nil : "podman-network-program-missing"))
    }

    @Test(.tags(.engine), .needsOfTags) func nothingIsWrongWithTheRealEngine() async throws {
        let scene = DoctorLab.scene(engine: try RealEngine.endpoint())
        let report = await Doctor(scene).report(
            Doctor.Selection(only: ["engine", "disk", "containers"], skip: ["disk.workspace", "engine.bridge"]))
        #expect(report.findings.map(\.id) == [])
        #expect(report.results.allSatisfy { $0.standing == .good || $0.standing == .note }, "\(report.results.map(\.measured.en))")
    }

    @Test(.tags(.engine), .needsOfTags) func aNameThatIsTaken() async throws {
        try await RealEngine.with("doctor") { engine in
            let name = "\(engine.id)-taken"
            var config = ContainerConfig(image: RealEngine.base, command: ["true"])
            config.labels = engine.labels
            _ = try await engine.docker.createContainer(config, name: name)
            engine.removesAtEnd(container: name)
            let scene = DoctorLab.scene(spec: DoctorLab.spec(name: name), engine: engine.docker.endpoint)
            let result = try #require(await DoctorLab.check("containers.names", scene))
            #expect(result.finding?.cause == "container-name-in-use" && result.finding?.blocks == ["2.1"])
            #expect(result.finding?.remedies.contains { $0.commands.contains("docker rm -f \(name)") } == true)
            try await engine.docker.removeContainer(name, force: true)
            #expect(await DoctorLab.check("containers.names", scene.with(environment: scene.environment))?.standing == .good)
        }
    }

    @Test func aSocketsOwnerIsRead() throws {
        let folder = try TemporaryDirectory()
        try staleSocket(folder.path + "/s")
        chmod(folder.path + "/s", 0o600)
        let owner = SocketOwner.read(folder.path + "/s", root: .machine)
        #expect(owner?.mode == "600" && owner?.admitsGroup == false && owner?.user == HostUser.current().name)
    }
}
