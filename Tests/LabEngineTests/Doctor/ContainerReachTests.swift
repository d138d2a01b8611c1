import TestSupport
import Testing

@testable import Diagnosis
@testable import Doctor
@testable import HTTPTransport
@testable import HostFacts
@testable import LabSupport

/// Downloads in a container, and the size of the engine's packets beside that of the outgoing interface.
@Suite("The doctor: downloads inside a container") struct ContainerReachTests {
    private func answer(_ isLarge: Bool, _ code: Int, _ words: String = "") -> ContainerReach.Answer {
        ContainerReach.Answer(server: "deb.example", isLarge: isLarge, code: code, words: words)
    }

    @Test(
        "small and large answers tell the causes apart",
        arguments: [
            (0, "", 0, "", nil),
            (6, "curl: (6) Could not resolve host: deb.example", 6, "curl: (6) Could not resolve host: deb.example", "dns-failure"),
            (0, "", 28, "curl: (28) Operation timed out after 12000 milliseconds with 1200 bytes received", "network-mtu"),
            (0, "", 124, "", "network-mtu"),
            (0, "", 1, "TimeoutError: The read operation timed out", "network-mtu"),
            (60, "curl: (60) SSL certificate problem: self-signed certificate", 60, "", "tls-untrusted"),
            (1, "wget: server returned error: HTTP/1.1 401 Unauthorized", 0, "", nil),
            (1, "wget: not an http or ftp url: https://pypi.org", 1, "wget: not an http or ftp url: https://pypi.org", nil),
        ] as [(Int, String, Int, String, String?)])
    func causes(small: Int, smallWords: String, large: Int, largeWords: String, cause: String?) {
        let answers = [answer(false, small, smallWords), answer(true, large, largeWords)]
        #expect(ContainerReach.failure(of: "deb.example", in: answers)?.cause == cause)
        #expect(ContainerReach.failure(of: "other.example", in: answers) == nil)
    }

    @Test("the script asks by whatever program is there, and its lines are read back") func script() throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in
            try connection.respond(200, body: String(repeating: "x", count: 5000))
        }
        guard case .tcp(_, let port, _) = server.endpoint else { return }
        let url = "http://127.0.0.1:\(port)"
        let servers = [
            ContainerReach.Server(name: "here", small: url + "/s", large: url + "/l"),
            ContainerReach.Server(name: "gone", small: "http://127.0.0.1:1/s"),
        ]
        let folder = try TemporaryDirectory()
        try Files.write(Array(ContainerReach.script(servers).utf8), to: folder.path + "/script")
        #expect(try Shell.run("unset http_proxy https_proxy; sh script >lines", in: folder.path) == 0)
        let lines = try Files.text(folder.path + "/lines").split(separator: "\n").map(String.init)
        let answers = ContainerReach.answers(in: lines)
        #expect(answers.filter { $0.server == "here" && $0.code == 0 }.count == 2, "\(lines)")
        #expect(ContainerReach.failure(of: "here", in: answers) == nil)
        #expect(ContainerReach.failure(of: "gone", in: answers)?.cause != nil, "\(lines)")
    }

    @Test(
        "a network with larger packets than the outgoing interface is advice, with the interface's own number",
        arguments: [("1500", false, true), ("1400", false, false), ("9000", false, true), ("9000", true, false)])
    func packets(mtu: String, isRootless: Bool, isFound: Bool) async throws {
        let route = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
        let fake = try FakeRoot([
            "/proc/net/route": route
                + "wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
                + "tun0\t00000000\t0100A8C0\t0003\t0\t0\t50\t00000000\t0\t0\t0\n"
                + "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n",
            "/sys/class/net/wlan0/mtu": "1500\n", "/sys/class/net/tun0/mtu": "1400\n",
        ])
        #expect(WayOut(root: fake.root).map { "\($0.interface) \($0.packetSize)" } == "tun0 1400")
        let server = try ScriptedServer { request, connection in
            if request.target.hasSuffix("/networks") {
                let options = #"{"com.docker.network.driver.mtu":"\#(mtu)"}"#
                let host = #"{"Name":"host","Driver":"host","Options":null}"#
                return try connection.respond(200, body: #"[{"Name":"bridge","Driver":"bridge","Options":\#(options)},\#(host)]"#)
            }
            if request.target.hasSuffix("/info") {
                let options = isRootless ? #""name=rootless""# : ""
                return try connection.respond(200, body: #"{"OSType":"linux","Name":"x","SecurityOptions":[\#(options)]}"#)
            }
            try connection.respond(200, ["Api-Version": "1.47", "Server": "Docker/28.2.2 (linux)"], body: "OK")
        }
        let result = try #require(await DoctorLab.check("engine.mtu", DoctorLab.scene(root: fake.root, engine: server.endpoint)))
        #expect(result.standing == (isFound ? .advice : .good), "\(result.measured.en)")
        #expect(result.finding?.cause == (isFound ? "network-mtu" : nil))
        let commands = result.finding?.remedies.flatMap(\.commands) ?? []
        #expect(commands.contains { $0.contains("mtu=1400") } == isFound, "\(commands)")
    }

    @Test(.tags(.engine), .needsOfTags) func theRealEngineHasNoProblem() async throws {
        let scene = DoctorLab.scene(engine: try RealEngine.endpoint())
        let result = await DoctorLab.check("engine.mtu", scene)
        #expect(result?.standing == .good || result?.standing == .note || result?.finding?.cause == "network-mtu")
        let reach = await DoctorLab.check("network.container", scene)
        #expect(reach?.standing != .undecided, "\(reach?.measured.en ?? "")")
    }
}
