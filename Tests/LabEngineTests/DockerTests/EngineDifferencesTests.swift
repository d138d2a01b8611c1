import FoundationEssentials
import TestSupport
import Testing

@testable import ContainerEngine
@testable import Diagnosis
@testable import HTTPTransport
@testable import HostFacts
@testable import LabRunner
@testable import LabSupport

/// What engines do differently, by their versions and makers.
@Suite struct EngineDifferencesTests {
    private func info(_ json: String) throws -> EngineInfo { try JSONDecoder().decode(EngineInfo.self, from: Data(json.utf8)) }

    @Test(arguments: [("1.41", "1.41"), ("1.51", "1.51"), ("1.60", "1.60"), ("2.3", "1.51")])
    func theEnginesOwnVersionIsSpoken(offered: String, spoken: String) {
        #expect(APIVersion.negotiated(server: APIVersion(offered)).description == spoken)
    }

    @Test func aCallWhoseAnswerLaterVersionsShortenAsksForTheOneThatItKnows() async throws {
        let server = try ScriptedServer { request, connection in
            try connection.respond(
                200, ["Api-Version": "1.60", "Server": "Docker/30.0 (linux)"], body: request.target == "/_ping" ? "OK" : "{}")
        }
        let docker = try await DockerClient.connect(http: CurlHTTPClient.shared, endpoint: server.endpoint)
        _ = try await docker.diskUsage()
        _ = try await docker.info()
        #expect(server.requests.map(\.target) == ["/_ping", "/v1.51/system/df", "/v1.60/info"])
    }

    @Test func aCDIDeviceIsAskedForByItsDriverAndName() throws {
        var config = ContainerConfig(image: "i")
        config.gpus = .cdi(["nvidia.com/gpu=all"])
        let body = try #require(try JSONSerializationText.of(config.wire))
        #expect(body.contains(#""DeviceRequests":[{"DeviceIDs":["nvidia.com/gpu=all"],"Driver":"cdi"}]"#))
        #expect(ShellWord.line(DockerCommand.run(config)) == "docker run --device nvidia.com/gpu=all i")
    }

    @Test func podmansListLacksPortsThatInspectHas() async throws {
        let server = try ScriptedServer { request, connection in
            let headers: HTTPHeaders = ["Api-Version": "1.41", "Server": "Libpod/5.4.2 (linux)", "Libpod-Api-Version": "5.4.2"]
            let list =
                #"[{"Id":"a","Names":["/c"],"State":"running","Ports":[{"IP":"127.0.0.1","PrivatePort":8080,"PublicPort":8080,"Type":"tcp"}]}]"#
            let details = """
                {"Id":"a","Name":"/c","State":{"Status":"running"},"Config":{},"HostConfig":{},"NetworkSettings":{"Ports":{
                "8080/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}],"8081/tcp":[{"HostIp":"0.0.0.0","HostPort":"8081"}]}}}
                """
            let body = request.target == "/_ping" ? "OK" : request.target.contains("/containers/json") ? list : details
            try connection.respond(200, headers, body: body)
        }
        let docker = try await DockerClient.connect(http: CurlHTTPClient.shared, endpoint: server.endpoint)
        #expect(try await docker.listContainers().flatMap(\.ports).compactMap(\.host) == [8080])
        #expect(try await docker.listContainers(allPorts: true).flatMap(\.ports).compactMap(\.host) == [8080, 8081])
    }

    @Test(arguments: [
        ("docker ps -a", "podman ps -a"), ("sudo docker rm -f x", "sudo podman rm -f x"), ("docker context ls", "docker context ls"),
        ("ls docker", "ls docker"), ("docker", "docker"),
    ])
    func podmansUsersTypePodman(docker: String, podman: String) { #expect(PodmanWords.command(docker) == podman) }

    @Test func onlyTheCommandsOfATextChange() {
        let text = Text(en: "Ask docker experts, or run `docker ps` and `docker logs x`.", zh: "执行 `docker ps`。")
        let spoken = EngineKind(ping: PingInfo(server: "Libpod/5.4.2 (linux)")).spoken(text)
        #expect(spoken == Text(en: "Ask docker experts, or run `podman ps` and `podman logs x`.", zh: "执行 `podman ps`。"))
        #expect(EngineKind(ping: PingInfo(server: "Docker/28.5 (linux)")).spoken(text) == text)
    }

    @Test func screensSpeakTheWordsOfTheEngine() {
        func engine(_ kind: String) -> EngineConnected {
            EngineConnected(endpoint: "unix:///s", kind: kind, version: "5", apiVersion: "1.41", isPrivate: false)
        }
        let text = Text(en: "`docker start x`", zh: "`docker start x`")
        #expect(engine("podman").spoken(text).zh == "`podman start x`" && engine("docker").spoken(text) == text)
        let result = CheckResult(kind: "container", standing: .failed, wanted: text, found: text, advice: text)
        let spoken = result.spoken(by: EngineKind(ping: PingInfo(server: "Libpod/5.4.2 (linux)")))
        #expect(spoken.wanted.en == "`podman start x`" && spoken.found == spoken.wanted && spoken.advice == spoken.wanted)
        #expect(result.spoken(by: EngineKind(ping: PingInfo(server: "Docker/28.5 (linux)"))) == result)
    }

    @Test func aRunAsksTheEngineOnceWhatItIs() async throws {
        let server = try ScriptedServer { request, connection in
            try connection.respond(
                200, ["Api-Version": "1.51", "Server": "Docker/28.5.2 (linux)"], body: request.target == "/_ping" ? "OK" : "{}")
        }
        let folder = try TemporaryDirectory()
        let environment = ["DOCKER_HOST": server.endpoint.dockerHost, "HOME": folder.path]
        let engine = RunEngine(http: CurlHTTPClient.shared, environment: environment)
        _ = try await engine.client
        _ = try? await DeviceChooser(engine: engine).choose(.gpu)
        _ = try await engine.info
        #expect(server.requests.map(\.target) == ["/_ping", "/v1.51/info"])
    }

    @Test func theImagesOfContainerdLieInItsOwnFolder() throws {
        let root = try FakeRoot(["/etc/containerd/config.toml": "version = 3\n#root = \"/x\"\nroot = \"/big/containerd\"\n[plugins]\n"])
        let status = #""DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]]"#
        let own = try info(
            #"{"DockerRootDir":"/var/lib/docker","Containerd":{"Address":"/var/run/docker/containerd/containerd.sock"},\#(status)}"#)
        #expect(own.imageFolder(root: root.root) == "/var/lib/docker/containerd/daemon")
        let system = try info(#"{"DockerRootDir":"/var/lib/docker","Containerd":{"Address":"/run/containerd/containerd.sock"},\#(status)}"#)
        #expect(system.imageFolder(root: root.root) == "/big/containerd")
        #expect(system.imageFolder(root: try FakeRoot().root) == "/var/lib/containerd")
        let classic = try info(#"{"DockerRootDir":"/var/lib/docker","DriverStatus":[["Backing Filesystem","extfs"]]}"#)
        #expect(classic.imageFolder(root: root.root) == "/var/lib/docker")
        #expect(EngineKind(ping: PingInfo(server: "Docker/29"), info: system).usesSystemContainerd == true)
        #expect(EngineKind(ping: PingInfo(server: "Docker/29"), info: own).usesSystemContainerd == false)
    }

    @Test(arguments: [
        (#"{"CgroupDriver":"none","CgroupVersion":"1"}"#, true),
        (#"{"CgroupDriver":"cgroupfs","CgroupVersion":"1","SecurityOptions":["name=rootless"]}"#, true),
        (#"{"CgroupDriver":"systemd","CgroupVersion":"2","SecurityOptions":["name=rootless"]}"#, false),
        (#"{"CgroupDriver":"cgroupfs","CgroupVersion":"1"}"#, false),
    ])
    func anEngineWithoutCgroupsCannotMeasure(json: String, cannot: Bool) throws {
        #expect(try info(json).cannotMeasureContainers == cannot)
    }

    @Test func podmansImportsLeaveCopies() throws {
        let root = try FakeRoot(["/var/tmp/api_load.tar1": "x", "/var/tmp/api_load.tar2": "y", "/var/tmp/other": "z"])
        let leftovers = try #require(ImportLeftovers(root: root.root))
        #expect(leftovers.count == 2)
        #expect(leftovers.text.en.contains("`rm /var/tmp/api_load.tar*`"))
        #expect(ImportLeftovers(root: try FakeRoot().root) == nil)
    }
}

private enum JSONSerializationText {
    /// As the client sends it.
    static func of(_ value: some Encodable) throws -> String? {
        guard case .bytes(let bytes) = try DockerClient.json(value) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
