import Foundation
import Glibc
import HTTPTransport
import LabSupport
import Telemetry
import TestSupport
import Testing

@Suite("Telemetry: ailab's own requests", .timeLimit(.minutes(1)))
struct RequestTests {
    private let client = CurlHTTPClient()
    private let meter = RequestMeter(sender: "test", clock: TelemetryClock())

    init() { client.observe(meter) }

    private func ask(
        _ server: ScriptedServer, _ target: String = "/", method: String = "GET", body: HTTPBody? = nil, limit: Duration? = .seconds(20)
    ) async throws {
        let request = HTTPRequest(method: method, endpoint: server.endpoint, target: target, body: body, totalTimeout: limit)
        _ = try await client.send(request).body.collect()
    }

    /// What the meter says of the one server that was asked.
    private func only(_ samples: [RequestSample]) throws -> RequestSample {
        #expect(samples.count == 1)
        return try #require(samples.first)
    }

    @Test("Answers count by class, silence by kind")
    func classes() async throws {
        let server = try ScriptedServer(on: .loopback) { request, connection in
            switch request.target {
            case "/cut":
                try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")
                throw HangUp()
            case "/silent": try connection.stall()
            default: try connection.respond(try #require(Int(request.target.dropFirst())))
            }
        }
        for target in ["/200", "/204", "/404", "/503", "/200"] { try await ask(server, target) }
        await #expect(throws: TransportError.self) { try await ask(server, "/cut") }
        await #expect(throws: TransportError.self) { try await ask(server, "/silent", limit: .milliseconds(200)) }
        let sample = try only(meter.samples())
        #expect(sample.sender == "test" && sample.server == server.endpoint.shown)
        #expect(sample.total.statuses == ["2xx": 3, "4xx": 1, "5xx": 1])
        #expect(sample.total.failures == ["reset": 1, "timeout": 1])
        #expect(sample.inFlight == 0)
        // Rates need two looks.
        #expect(sample.rate == nil)
        let second = try only(meter.samples())
        #expect(second.rate == 0 && second.latency == nil && second.phases == nil)
        #expect(second.total == sample.total)
    }

    @Test("A port where nobody listens and a name that nobody knows are failures of their kind")
    func nobody() async throws {
        let server = try ScriptedServer(on: .loopback) { _, _ in }
        server.stop()
        try await Task.sleep(for: .milliseconds(100))
        await #expect(throws: TransportError.self) { try await ask(server) }
        let unknown = Endpoint.tcp(host: "no-such-host.invalid", port: 80, tls: nil)
        await #expect(throws: TransportError.self) { try await client.send(HTTPRequest(endpoint: unknown, target: "/")) }
        let samples = meter.samples()
        #expect(samples.first { $0.server == server.endpoint.shown }?.total.failures == ["connect": 1])
        #expect(samples.first { $0.server == "no-such-host.invalid:80" }?.total.failures == ["resolve": 1])
    }

    @Test("Where a request's time goes: the server's waits are in the phases in which they happen, and phases add up")
    func phases() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in
            try connection.rest(milliseconds: 60)
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
            try connection.rest(milliseconds: 40)
            try connection.write("cd")
        }
        try await ask(server)
        let first = try only(meter.samples())
        let phases = try #require(first.phases)
        // A server's pauses are the least that a request takes; a busy machine makes it longer, and sees the first bytes late.
        #expect(phases.wait >= 59 && phases.wait + phases.receive >= 99)
        #expect(phases.connect > 0 && phases.tls == 0)
        let sum = phases.all.reduce(0) { $0 + $1.value }
        let latency = try #require(first.latency)
        #expect(abs(sum - latency.maximum) <= 0.02 * sum + 0.2)
        #expect(latency.median <= latency.p90 && latency.p90 <= latency.p99 && latency.p99 <= latency.maximum)
        #expect(first.total.buckets.count == RequestTotal.bounds.count)
        #expect(first.total.buckets[RequestTotal.bounds.firstIndex(of: 0.05) ?? 0] == 0)
        #expect(first.total.seconds >= 0.099)
        // The connection is kept: the next request has none to make.
        try await ask(server)
        #expect(try only(meter.samples()).phases?.connect == 0)
    }

    @Test("An upload that the server takes slowly is time spent sending, not waiting")
    func upload() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in
            try connection.rest(milliseconds: 150)
            _ = try connection.readBody()
            try connection.respond(200)
        }
        // More than the system's buffers hold on both sides.
        try await ask(server, method: "POST", body: .bytes([UInt8](repeating: 1, count: 24 << 20)))
        let phases = try #require(try only(meter.samples()).phases)
        #expect(phases.send >= 140)
        #expect(phases.send > phases.wait)
    }

    @Test("A stream counts to its first byte, however it ends, and while it lasts it is under way")
    func stream() async throws {
        let server = try ScriptedServer { _, connection in
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            try connection.writeChunk([65])
            try connection.stall()
        }
        do {
            let response = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/logs?follow=1"))
            var pieces = response.body.makeAsyncIterator()
            _ = try await pieces.next()
            try await Task.sleep(for: .seconds(2))
            #expect(try only(meter.samples()).inFlight == 1)
        }
        // Its reader is gone; the transport ends it on its own thread.
        try await eventually { meter.samples().first?.inFlight == 0 }
        let total = try only(meter.samples()).total
        #expect(total.statuses == ["2xx": 1] && total.failures.isEmpty)
        // The stream lasted two seconds.
        #expect(try #require(total.latency).maximum < 1900)
    }

    @Test("An upgraded connection is a request too")
    func upgrade() async throws {
        let server = try ScriptedServer { request, connection in
            guard request.target == "/attach" else { return try connection.respond(409) }
            try connection.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
            try connection.stall()
        }
        _ = try await client.upgrade(HTTPRequest(method: "POST", endpoint: server.endpoint, target: "/attach"))
        await #expect(throws: HTTPStatusError.self) {
            try await client.upgrade(HTTPRequest(method: "POST", endpoint: server.endpoint, target: "/other"))
        }
        let sample = try only(meter.samples())
        #expect(sample.total.statuses == ["1xx": 1, "4xx": 1] && sample.inFlight == 0)
    }

    @Test("Who no longer looks is forgotten, and does not keep the client from working")
    func forgotten() async throws {
        let server = try ScriptedServer { _, connection in try connection.respond(200) }
        do {
            let passing = RequestMeter(sender: "passing", clock: TelemetryClock())
            client.observe(passing)
            try await ask(server)
            #expect(passing.samples().count == 1)
        }
        try await ask(server)
        #expect(try only(meter.samples()).total.answered == 2)
    }

    @Test("Whoever no longer wants an answer has not seen a failure")
    func cancelled() async throws {
        let server = try ScriptedServer { _, connection in try connection.stall() }
        let asking = Task { try await ask(server) }
        try await eventually { meter.samples().first?.inFlight == 1 }
        asking.cancel()
        _ = await asking.result
        try await eventually { meter.samples().first?.inFlight == 0 }
        let total = try only(meter.samples()).total
        #expect(total.failures.isEmpty && total.statuses.isEmpty)
    }

    @Test("More servers than can be told apart are counted together")
    func manyServers() async throws {
        for port in 1...40 {
            let endpoint = Endpoint.tcp(host: "192.0.2.1", port: port, tls: nil)
            meter.transferBegan(endpoint)
            meter.transferEnded(TransferOutcome(endpoint: endpoint, failure: .timeout))
        }
        let samples = meter.samples()
        #expect(samples.count <= 17)
        #expect(samples.reduce(0) { $0 + $1.total.failures.values.reduce(0, +) } == 40)
    }

    // MARK: - The board

    private func note(_ process: Int32, age: Double, in home: String) throws {
        let sample = RequestSample(sender: "load", server: "127.0.0.1:8080", rate: 5)
        let line = String(decoding: try JSONEncoder().encode([sample]), as: UTF8.self)
        try Files.makeDirectory("\(home)/requests")
        let time = Date().timeIntervalSince1970 - age
        try Files.write(Array("{\"time\":\(time),\"requests\":\(line)}".utf8), to: "\(home)/requests/\(process).json")
    }

    @Test("Others' notes are read while they are fresh; one's own, a torn and an old one are not")
    func board() throws {
        let folder = try TemporaryDirectory()
        let board = RequestBoard(home: folder.path)
        // No workspace, and none is made.
        board.post([RequestSample(sender: "test", server: "x")])
        #expect(!Files.exists("\(folder.path)/requests"))
        #expect(board.read().isEmpty)
        try Files.makeDirectory("\(folder.path)/runs")
        board.post([RequestSample(sender: "test", server: "x")])
        #expect(Files.exists("\(folder.path)/requests/\(getpid()).json"))
        #expect(board.read().isEmpty)
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        // From the near future, so that a machine that stands still for a moment does not make it old.
        try note(1, age: -2, in: folder.path)
        let other = try ChildSpawn.session(
            ChildCommand("/bin/sleep", ["600"], environment: [:], directory: "/", timeout: nil), input: null, output: null, error: null)
        defer {
            kill(other, SIGKILL)
            waitpid(other, nil, 0)
            close(null)
        }
        try note(other, age: 60, in: folder.path)
        try Files.write(Array("{\"time\":".utf8), to: "\(folder.path)/requests/2.json")
        #expect(board.read().map(\.sender) == ["load"])
        // Processes that are gone are taken down with one's own note.
        var gone: Int32 = 4_000_000
        while kill(gone, 0) == 0 || errno != ESRCH { gone += 1 }
        try note(gone, age: 0, in: folder.path)
        board.withdraw()
        #expect(Files.names(in: "\(folder.path)/requests").sorted() == ["1.json", "2.json", "\(other).json"].sorted())
    }

    @Test("A note that somebody else wrote neither overflows a sum nor writes to the terminal, and its buckets are not ours")
    func hostileNote() throws {
        let folder = try TemporaryDirectory()
        try Files.makeDirectory("\(folder.path)/requests")
        let time = Date().timeIntervalSince1970 + 2
        let request = #"""
            {"sender":"load\u001b[31m\u0007\n","server":"\u001b]0;x\u0007h:1","rate":1,"inFlight":-9223372036854775808,"ended":9223372036854775807,
            "failed":{"5xx":9223372036854775807,"timeout":9223372036854775807},"total":{"statuses":{"2xx":9223372036854775807,"5xx":9223372036854775807},
            "failures":{"a":9223372036854775807},"seconds":1e300,"buckets":[1]}}
            """#
        let many = (0..<100).map { _ in request }.joined(separator: ",")
        try Files.write(Array("{\"time\":\(time),\"requests\":[\(many)]}".utf8), to: "\(folder.path)/requests/1.json")
        let read = RequestBoard(home: folder.path).read()
        #expect(!read.isEmpty && read.count <= 32)
        var sample = TelemetrySample(time: 1)
        sample.requests = read.map { request in
            var request = request
            request.sender = "load"
            return request
        }
        #expect(read.allSatisfy { !($0.sender + $0.server).unicodeScalars.contains { $0.value < 32 || $0.value == 127 } })
        #expect(read.allSatisfy { $0.total.answered + $0.total.failures.count > 0 && $0.inFlight >= 0 && $0.total.buckets.isEmpty })
        #expect(!OpenMetricsText(sample).text.contains("_bucket"))
        var judge = TelemetryJudge()
        #expect(judge.judge(sample)?.en.contains("in a second failed") == true)
    }

    // MARK: - What is made of it

    @Test("A line of an older version, without requests, is still a sample")
    func olderLine() throws {
        let line = try TelemetrySample(time: 5).line
        let older = line.replacingOccurrences(of: "\"requests\":[],", with: "")
        #expect(older != line)
        #expect(TelemetrySample(line: older.utf8) == TelemetrySample(time: 5))
    }

    @Test("As OpenMetrics: counters, and a histogram whose buckets grow to its count")
    func openMetrics() async throws {
        let server = try ScriptedServer(on: .loopback) { request, connection in
            try connection.respond(request.target == "/" ? 200 : 500)
        }
        for target in ["/", "/", "/bad"] { try await ask(server, target) }
        var sample = TelemetrySample(time: 1)
        sample.requests = meter.samples()
        let text = OpenMetricsText(sample).text
        let labels = "sender=\"test\",process=\"\(getpid())\",server=\"\(server.endpoint.shown)\""
        #expect(text.contains("ailab_requests_total{\(labels),status=\"2xx\"} 2.0\n"))
        #expect(text.contains("ailab_requests_total{\(labels),status=\"5xx\"} 1.0\n"))
        #expect(text.contains("ailab_request_duration_seconds_bucket{\(labels),le=\"+Inf\"} 3.0\n"))
        #expect(text.contains("ailab_request_duration_seconds_count{\(labels)} 3.0\n"))
        let buckets = PrometheusText(text).samples.filter { $0.name == "ailab_request_duration_seconds_bucket" }.map(\.value)
        #expect(buckets.count == RequestTotal.bounds.count + 1)
        #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0 <= $1 })
    }
}
