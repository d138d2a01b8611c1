import TestSupport
import Testing

@testable import Doctor
@testable import HTTPTransport
@testable import HostFacts
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// The reasons why a registry does not serve, told apart. Scripted: no real one fails on demand.
@Suite("The doctor: registries and servers") struct DoctorNetworkTests {
    private func url(_ server: ScriptedServer) -> String {
        if case .tcp(let host, let port, _) = server.endpoint { "http://\(host):\(port)" } else { "" }
    }

    /// A registry that answers the question for a manifest in that way.
    private func registry(_ status: Int, _ headers: HTTPHeaders = [:]) throws -> ScriptedServer {
        try ScriptedServer(on: .loopback) { request, connection in
            if request.target == "/v2/" { return try connection.respond(200) }
            try connection.respond(status, headers)
        }
    }

    private func check(hub: String, images: [LabImage] = [DoctorLab.image]) async throws -> ProbeResult {
        try #require(await DoctorLab.check("network.registry", DoctorLab.scene(spec: DoctorLab.spec(images: images), hub: hub)))
    }

    @Test(arguments: [(429, "registry-rate-limit"), (401, "image-access-denied"), (404, "image-not-found"), (403, "http-forbidden")])
    func aRefusal(status: Int, cause: String) async throws {
        let server = try registry(status)
        let result = try await check(hub: url(server))
        // There is a stand-in: worth knowing, and in nobody's way.
        #expect(result.standing == .advice && result.finding?.cause == cause)
        let stranded = try await check(hub: url(server), images: [DoctorLab.pulledOnly])
        #expect(stranded.standing == .problem && stranded.finding?.blocks == ["1.2", "2.1", "2.2", "2.3"])
        #expect(server.requests.contains { $0.target == "/v2/library/alpine/manifests/latest" })
    }

    @Test func aTokenIsFetched() async throws {
        let port = Locked(0)
        let server = try ScriptedServer(on: .loopback) { request, connection in
            if request.target.hasPrefix("/token?") { return try connection.respond(200, body: #"{"token":"abc"}"#) }
            if request.headers["Authorization"] == "Bearer abc" {
                return try connection.respond(200, ["ratelimit-remaining": "76;w=21600"])
            }
            let realm = "http://127.0.0.1:\(port.withLock { $0 })/token"
            try connection.respond(401, ["Www-Authenticate": #"Bearer realm="\#(realm)",service="s""#])
        }
        if case .tcp(_, let number, _) = server.endpoint { port.withLock { $0 = number } }
        let result = try await check(hub: url(server))
        #expect(result.standing == .good && result.measured.en.contains("76 pulls left"), "\(result.measured.en)")
        #expect(server.requests.contains { $0.target == "/token?service=s&scope=repository%3Alibrary%2Falpine%3Apull" })
    }

    @Test func noRegistryIsNoProblemWhereThereIsAStandIn() async throws {
        let result = try await check(hub: "http://127.0.0.1:1")
        #expect(result.standing == .note && result.measured.en.contains("stand-ins"))
        #expect(try await check(hub: "http://127.0.0.1:1", images: [DoctorLab.pulledOnly]).standing == .problem)
    }

    @Test func aServerThatSpeaksNoTLS() async throws {
        let server = try registry(200)
        let result = try await check(hub: url(server).replacing("http://", with: "https://"))
        #expect(result.finding?.cause == "tls-untrusted")
    }

    @Test(
        arguments: [
            (TransportError(kind: .resolve, curlCode: 6, detail: ""), [:], "dns-failure"),
            (TransportError(kind: .resolve, curlCode: 5, detail: ""), ["https_proxy": "http://p:1"], "proxy-misconfigured"),
            (TransportError(kind: .connect, detail: ""), ["https_proxy": "http://p:1"], "proxy-misconfigured"),
            (TransportError(kind: .connect, detail: ""), ["https_proxy": "http://p:1", "no_proxy": "example.org"], "network-unreachable"),
            (TransportError(kind: .tls, curlCode: 56, detail: ""), ["https_proxy": "http://p:1"], "proxy-misconfigured"),
            (TransportError(kind: .tls, curlCode: 60, detail: ""), [:], "tls-untrusted"),
            (TransportError(kind: .timeout, detail: ""), [:], "network-timeout"),
            (TransportError(kind: .reset, detail: ""), [:], "network-reset"),
        ] as [(TransportError, [String: String], String)])
    func reasonsAreToldApart(error: TransportError, environment: [String: String], cause: String) throws {
        let fake = try FakeRoot()
        let asker = ReachAsker(http: CurlHTTPClient.shared, network: .read(environment: environment, root: fake.root))
        #expect(asker.failure(error, "https://example.org/x").cause == cause)
    }

    @Test func aClockThatIsWrong() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in
            try connection.respond(200, ["Date": "Thu, 01 Jan 2026 00:00:00 GMT"])
        }
        let result = await DoctorLab.check("host.clock", DoctorLab.scene(packages: url(server)))
        #expect(result?.finding?.cause == "clock-skew" && result?.finding?.blocks == ["3.1"])
    }

    @Test func packagesThatCannotBeReachedBlockWhatIsToBeBuilt() async throws {
        let result = await DoctorLab.check("network.packages", DoctorLab.scene())
        #expect(result?.finding?.cause == "network-unreachable")
        #expect(result?.finding?.blocks == ["1.2", "2.1", "2.2", "2.3", "3.1"])
    }

    @Test func nothingSecretIsInTheArchive() async throws {
        let folder = try TemporaryDirectory()
        let environment = [
            "https_proxy": "http://joe:s3cret@proxy.example:3128", "HF_TOKEN": "hf_abcdefgh", "AILAB_HOME": folder.path + "/home",
        ]
        let workspace = try Workspace(root: folder.path + "/home")
        let run = try workspace.makeRun()
        try Files.write(Array("Authorization: Bearer abc123\nhf_abcdefgh\n".utf8), to: run.output)
        let scene = DoctorLab.scene(home: workspace.root, environment: environment)
        let report = await Doctor(scene).report(Doctor.Selection(only: ["network.settings"]))
        let members = await DoctorBundle(scene, report, version: "0").members()
        let text = members.map(\.content).joined()
        for secret in ["s3cret", "abc123", "hf_abcdefgh"] { #expect(!text.contains(secret)) }
        #expect(text.contains("Authorization: Bearer ***") && text.contains("proxy.example"))
        for name in ["x.tar.gz", "x.tar"] {
            let written = try await DoctorBundle(scene, report, version: "0").write(to: "\(folder.path)/\(name)")
            #expect(try Shell.run("tar -xOf \(written.path) ailab-doctor/doctor.json | grep -q schema", in: folder.path) == 0)
        }
    }
}
