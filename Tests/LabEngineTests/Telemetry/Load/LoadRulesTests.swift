import Testing

@testable import HTTPTransport
@testable import LabRunner
@testable import LabSupport
@testable import LoadTest

@Suite("Load: whom it may be put on, and what is right") struct LoadRulesTests {
    private static let interfaces = [
        LocalInterface(name: "lo", address: LocalAddress([127, 0, 0, 1]), prefix: 8),
        LocalInterface(name: "eth0", address: LocalAddress([192, 168, 7, 20]), prefix: 24),
        LocalInterface(name: "docker0", address: LocalAddress([172, 17, 0, 1]), prefix: 16),
        LocalInterface(name: "br-0123456789ab", address: LocalAddress([172, 18, 0, 1]), prefix: 16),
        LocalInterface(name: "br0", address: LocalAddress([10, 0, 0, 1]), prefix: 8),
    ]

    @Test(
        "This machine and its containers, and nobody else",
        arguments: [
            ("127.0.0.1", true), ("127.8.9.10", true), ("::1", true), ("::ffff:127.0.0.1", true), ("192.168.7.20", true),
            ("172.17.0.9", true), ("172.18.200.1", true),
            // A neighbour on the same network, a bridge that may lead out, and the world.
            ("192.168.7.21", false), ("10.0.0.2", false), ("172.19.0.1", false), ("8.8.8.8", false), ("2001:db8::1", false),
            ("0.0.0.1", false),
        ])
    func reach(_ address: String, _ isLocal: Bool) throws {
        #expect(LoadReach.isLocal(try #require(LocalAddress(address)), Self.interfaces) == isLocal)
    }

    @Test("A target elsewhere is refused, and taken where it is said to be meant")
    func elsewhere() throws {
        let url = "http://192.0.2.7:8080/x?y=1"
        let refusal = #expect(throws: LabError.self) { try LoadReach.target(url, anywhere: false) }
        #expect(refusal?.code == .usageElsewhere)
        let (target, path) = try LoadReach.target(url, anywhere: true)
        #expect(target.addresses.map(\.text) == ["192.0.2.7"])
        #expect(target.authority == "192.0.2.7:8080")
        #expect(path == "/x?y=1")
    }

    @Test(
        "What is no address is wrong usage",
        arguments: ["ftp://localhost/", "http://", "http://localhost:99999/", "http://a b/", "http://localhost/a b"])
    func noAddress(_ url: String) {
        let refusal = #expect(throws: LabError.self) { try LoadReach.target(url, anywhere: false) }
        #expect(refusal?.exitStatus == 2)
    }

    @Test("A name that leads nowhere is said to")
    func noName() {
        let refusal = #expect(throws: LabError.self) { try LoadReach.target("http://no-such-name.invalid/", anywhere: true) }
        #expect(refusal?.code == .loadAddress)
    }

    @Test("The local name is this machine")
    func localName() throws {
        let (target, _) = try LoadReach.target("http://localhost:1234/", anywhere: false)
        #expect(target.addresses.allSatisfy { $0.isLoopback })
        #expect(target.port == 1234)
    }

    @Test(
        "An answer is held against what is expected",
        arguments: [
            ("7", 200, "7", true), ("7", 200, " 7\n", true), ("7", 200, "8", false), ("7", 200, #"{"7": 0.9, "1": 0.1}"#, true),
            ("7", 200, #"{"7": 0.1, "1": 0.9}"#, false), ("Tabby", 200, #"{"tabby": 0.9}"#, true),
            ("label=tabby|tiger cat", 200, #"{"tiger cat": 0.6, "dog": 0.4}"#, true),
            ("label=tabby|tiger cat", 200, #"{"dog": 0.4}"#, false),
            ("status=503", 503, "", true), ("status=503", 200, "", false), ("body=ok", 200, "ok\n", true),
            ("body=ok", 200, "ok then", false),
            ("contains=the", 200, "in there", true), ("contains=the", 200, "in", false), ("/a/0=x", 200, #"{"a":["x"]}"#, true),
            ("/a/0=x", 200, #"{"a":["y"]}"#, false), ("/a=1", 200, "no json", false),
        ])
    func expectations(_ text: String, _ status: Int, _ body: String, _ holds: Bool) throws {
        #expect(try LoadExpectation(text).holds(status: status, body: Array(body.utf8)) == holds)
    }

    @Test("What says nothing is refused", arguments: ["", "status=abc", "status=99", "contains=", "/pointer"])
    func noExpectation(_ text: String) {
        let refusal = #expect(throws: LabError.self) { try LoadExpectation(text) }
        #expect(refusal?.code == .usageExpect)
    }

    @Test("A 2xx status is expected unless another one is, and each request has its own right answers")
    func judge() throws {
        func judged(_ requests: [LoadRequest], _ answers: [(request: Int, status: Int, body: String)]) -> [Bool] {
            var judge = AnswerJudge(requests)
            return answers.map { judge.judge($0.request, status: $0.status, body: Array($0.body.utf8)) }
        }
        #expect(judged([LoadRequest(target: "/")], [(0, 204, ""), (0, 302, "")]) == [true, false])
        let refusing = LoadRequest(target: "/", expectations: [try LoadExpectation("status=503")])
        #expect(judged([refusing], [(0, 503, ""), (0, 200, "")]) == [true, false])
        let two = try ["cat", "dog"].map { LoadRequest(target: "/", expectations: [try LoadExpectation($0)]) }
        let answers = [(0, 200, "cat"), (1, 200, "dog"), (1, 200, "cat"), (0, 500, "cat")]
        // The second look at the same answer is the short one.
        #expect(judged(two, answers + answers) == [true, true, false, false, true, true, false, false])
    }

    @Test("A request goes over the wire as it was meant, each field once")
    func wire() {
        let request = LoadRequest(method: "POST", target: "/p?q=1", headers: ["User-Agent": "me", "X-A": "b"], body: Array("hi".utf8))
        let text = String(decoding: request.wire(host: "127.0.0.1:8080"), as: UTF8.self)
        #expect(text.hasPrefix("POST /p?q=1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"))
        #expect(text.hasSuffix("\r\nContent-Length: 2\r\n\r\nhi"))
        #expect(text.split(separator: "\r\n").filter { $0.hasPrefix("User-Agent:") } == ["User-Agent: me"])
    }
}
