import ContainerEngine
import HTTPTransport
import LabSupport
import TestSupport
import Testing

@Suite("Docker: discovery", .timeLimit(.minutes(1)))
struct DiscoveryTests {
    private static func discovery(_ folder: TemporaryDirectory, _ environment: [String: String] = [:]) -> EngineDiscovery {
        EngineDiscovery(
            environment: environment, home: folder.path + "/home", uid: 1000, privateSocket: folder.path + "/own.sock",
            systemRoot: folder.path)
    }

    private static func engine(at path: String) throws -> ScriptedServer {
        try Files.makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        return try ScriptedServer(on: .socket(path: path)) { _, connection in
            try connection.respond(200, ["Api-Version": "1.41", "Server": "Docker/20.10.24 (linux)"], body: "OK")
        }
    }

    @Test("Without a choice the places are tried in order, and the first that answers is taken")
    func order() async throws {
        let folder = try TemporaryDirectory()
        let discovery = Self.discovery(folder)
        #expect(
            discovery.candidates.map(\.origin) == [
                .defaultSocket, .rootlessDocker, .dockerDesktop, .dockerDesktop, .rootlessPodman, .podman, .ailab,
            ])
        let server = try Self.engine(at: folder.path + "/run/user/1000/podman/podman.sock")
        let search = await discovery.search(http: CurlHTTPClient.shared)
        #expect(search.found?.origin == .rootlessPodman)
        #expect(search.found?.endpoint == server.endpoint)
        #expect(search.found?.ping.apiVersion == APIVersion(major: 1, minor: 41))
        #expect(search.attempts.count == 5)
        #expect(search.failure == nil)
        for attempt in search.attempts.dropLast() {
            guard case .failure(let error) = attempt.result else { continue }
            #expect(error.code == .engineMissing)
            #expect(error.errno == 2)
        }
    }

    @Test("Nothing anywhere: not installed, or installed and stopped")
    func nothing() async throws {
        let folder = try TemporaryDirectory()
        let bare = await Self.discovery(folder).search(http: CurlHTTPClient.shared)
        #expect(bare.failure?.code == .engineNotInstalled)
        try folder.write("", to: "usr/sbin/dockerd", mode: 0o755)
        let stopped = await Self.discovery(folder).search(http: CurlHTTPClient.shared)
        #expect(stopped.failure?.code == .engineMissing)
    }

    @Test("A socket nobody serves says more than sockets that are not there")
    func dead() async throws {
        let folder = try TemporaryDirectory()
        try Files.makeDirectory(folder.path + "/var/run")
        let dead = try TemporaryFile.deadSocket()
        try folder.link("var/run/docker.sock", to: dead.path)
        let search = await Self.discovery(folder).search(http: CurlHTTPClient.shared)
        #expect(search.failure?.code == .engineDead)
        #expect(search.failure?.errno == 111)
        #expect(search.failure?.hint?.zh.isEmpty == false)
    }

    @Test("A DOCKER_HOST that fails is an error, even with an engine at the default place")
    func chosenHost() async throws {
        let folder = try TemporaryDirectory()
        let server = try Self.engine(at: folder.path + "/var/run/docker.sock")
        let search = await Self.discovery(folder, ["DOCKER_HOST": "unix:///nowhere/x.sock"]).search(http: CurlHTTPClient.shared)
        #expect(search.found == nil)
        #expect(search.attempts.count == 1)
        #expect(search.failure?.code == .engineChosenMissing)
        #expect(search.failure?.hint?.en.contains("unset DOCKER_HOST") == true)
        // At a usual place an engine may only be stopped.
        let usual = ["DOCKER_HOST": "unix://\(folder.path)/run/podman/podman.sock"]
        let stopped = await Self.discovery(folder, usual).search(http: CurlHTTPClient.shared)
        #expect(stopped.failure?.code == .engineMissing)
        let empty = await Self.discovery(folder, ["DOCKER_HOST": ""]).search(http: CurlHTTPClient.shared)
        #expect(empty.found?.endpoint == server.endpoint)
    }

    @Test(
        "An address on the network where no engine answers is the mistake, whatever this machine has",
        arguments: ["tcp://127.0.0.1:1", "tcp://nohost.invalid:2375"])
    func chosenAddress(host: String) async throws {
        let discovery = Self.discovery(try TemporaryDirectory(), ["DOCKER_HOST": host])
        let failure = await discovery.search(http: CurlHTTPClient.shared).failure
        #expect(failure?.code == .engineChosenMissing, "\(String(describing: failure))")
        #expect(failure?.hint?.en.contains("unset DOCKER_HOST") == true)
    }

    @Test("A choice is taken back where it was made")
    func withdrawal() async throws {
        let folder = try TemporaryDirectory()
        #expect(Self.discovery(folder).withdrawal == nil)
        for host in ["ssh://x@y", "garbage", "unix:///x"] {
            #expect(Self.discovery(folder, ["DOCKER_HOST": host, "DOCKER_CONTEXT": "c"]).withdrawal == "unset DOCKER_HOST")
        }
        let variable = Self.discovery(folder, ["DOCKER_CONTEXT": "gone"])
        #expect(variable.withdrawal == "unset DOCKER_CONTEXT")
        let failure = await variable.search(http: CurlHTTPClient.shared).failure
        #expect(failure?.hint?.en.contains("unset DOCKER_CONTEXT") == true)
        try folder.write(#"{"currentContext":"gone"}"#, to: "home/.docker/config.json")
        #expect(Self.discovery(folder).withdrawal == "docker context use default")
        #expect(Self.discovery(folder, ["DOCKER_CONTEXT": "default"]).withdrawal == nil)
    }

    @Test("ssh:// and nonsense are refused with advice")
    func unusable() async throws {
        let folder = try TemporaryDirectory()
        let ssh = await Self.discovery(folder, ["DOCKER_HOST": "ssh://me@lab"]).search(http: CurlHTTPClient.shared)
        #expect(ssh.failure?.code == .engineSSH)
        #expect(ssh.failure?.message.en == "The engine runs on another machine, lab.")
        #expect(ssh.failure?.cause == "DOCKER_HOST=ssh://***@lab")
        #expect(ssh.failure?.hint?.en.contains("`ssh me@lab`") == true)
        try folder.write(
            #"{"Name":"far","Metadata":{},"Endpoints":{"docker":{"Host":"ssh://me@far:22"}}}"#,
            to: "home/.docker/contexts/meta/\(SHA256.hex(of: "far".utf8))/meta.json")
        let context = await Self.discovery(folder, ["DOCKER_CONTEXT": "far"]).search(http: CurlHTTPClient.shared)
        #expect(context.failure?.message.en == "The engine runs on another machine, far.")
        #expect(context.failure?.hint?.en.contains("`ssh -p 22 me@far`") == true)
        #expect(context.failure?.code == .engineSSH && context.failure?.cause == "docker context far: ssh://***@far:22")
        let odd = await Self.discovery(folder, ["DOCKER_HOST": "/var/run/docker.sock"]).search(http: CurlHTTPClient.shared)
        #expect(odd.failure?.code == .engineAddress)
    }

    @Test("An engine that wants TLS says what to set, and DOCKER_HOST isn't blamed")
    func wantsTLS() async throws {
        // What Go's servers answer to a plain request on a port with TLS.
        let server = try ScriptedServer(on: .loopback) { _, connection in
            try connection.respond(400, body: "Client sent an HTTP request to an HTTPS server.\n")
        }
        let folder = try TemporaryDirectory()
        let search = await Self.discovery(folder, ["DOCKER_HOST": server.endpoint.dockerHost]).search(http: CurlHTTPClient.shared)
        #expect(search.failure?.code == .engineTLS && search.failure?.httpStatus == 400)
        #expect(search.failure?.hint?.en.contains("DOCKER_TLS_VERIFY=1") == true)
        #expect(search.failure?.hint?.zh.contains("DOCKER_CERT_PATH") == true)
    }

    @Test("A context is followed by name, with its certificates")
    func context() async throws {
        let folder = try TemporaryDirectory()
        let hash = SHA256.hex(of: "lab".utf8)
        try folder.write(#"{"auths":{},"currentContext":"lab"}"#, to: "home/.docker/config.json")
        try folder.write(
            #"{"Name":"lab","Metadata":{},"Endpoints":{"docker":{"Host":"tcp://10.0.0.1:2376","SkipTLSVerify":false}}}"#,
            to: "home/.docker/contexts/meta/\(hash)/meta.json")
        let ca = try folder.write("pem", to: "home/.docker/contexts/tls/\(hash)/docker/ca.pem")
        let chosen = try #require(Self.discovery(folder).candidates.first)
        #expect(Self.discovery(folder).candidates.count == 1)
        #expect(chosen.origin == .context("lab"))
        #expect(chosen.endpoint == .success(.tcp(host: "10.0.0.1", port: 2376, tls: TLSSettings(authorityFile: ca))))
        #expect(Self.discovery(folder, ["DOCKER_CONTEXT": "default"]).candidates.count == 7)
        let missing = await Self.discovery(folder, ["DOCKER_CONTEXT": "gone"]).search(http: CurlHTTPClient.shared)
        #expect(missing.failure?.code == .engineContextMissing)
    }

    @Test("TLS is used where the variables ask for it")
    func tls() throws {
        let folder = try TemporaryDirectory()
        let key = try folder.write("pem", to: "certs/key.pem")
        let environment = ["DOCKER_HOST": "tcp://h", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": folder.path + "/certs"]
        let candidate = try #require(Self.discovery(folder, environment).candidates.first)
        #expect(candidate.endpoint == .success(.tcp(host: "h", port: 2376, tls: TLSSettings(keyFile: key))))
        let plain = try #require(Self.discovery(folder, ["DOCKER_HOST": "tcp://[::1]:99"]).candidates.first)
        #expect(plain.endpoint == .success(.tcp(host: "::1", port: 99, tls: nil)))
    }

    @Test("The kind of engine shows in its ping and info")
    func kinds() {
        #expect(EngineKind(ping: PingInfo(server: "Docker/20.10.24 (linux)")).maker == .docker)
        #expect(EngineKind(ping: PingInfo(server: "Libpod/5.4.0 (linux)")).maker == .podman)
        #expect(EngineKind(ping: PingInfo(server: "Docker/1 (linux)", libpodVersion: "4.3.1")).maker == .podman)
        #expect(EngineKind(ping: PingInfo()).maker == .other(""))
    }
}
