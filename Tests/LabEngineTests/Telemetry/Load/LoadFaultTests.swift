import HTTPTransport
import LabRunner
import LabSupport
import LoadTest
import Telemetry
import TestSupport
import Testing

/// Servers that do what no real one does on demand.
@Suite("Load: servers that misbehave", .timeLimit(.minutes(2))) struct LoadFaultTests {
    private func target(_ server: ScriptedServer) throws -> LoadTarget {
        guard case .tcp(let host, let port, _) = server.endpoint else { throw NeverHappened() }
        return LoadTarget(host: host, port: port, addresses: [try #require(LocalAddress(host))])
    }

    /// A test of so many requests on one server; the first, which only finds out that somebody answers, is not among them.
    private func run(
        _ server: ScriptedServer, requests: Int = 20, pacing: LoadPlan.Pacing = .concurrency(2), timeout: Double = 5,
        sending: [LoadRequest] = [LoadRequest(target: "/")]
    ) async throws -> LoadTally {
        let plan = LoadPlan(
            target: try target(server), requests: sending, pacing: pacing, warmUp: 0, duration: 30, timeout: timeout, requestLimit: requests
        )
        return try await LoadTest(plan).run { _ in }.tally
    }

    @Test("Kept connections serve all requests, and every one is counted")
    func healthy() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in try connection.respond(200, body: "ok") }
        let tally = try await run(server, requests: 500)
        #expect(tally.statuses == [200: 500])
        #expect(tally.latency.count == 500)
        #expect(tally.wrong == 0)
        #expect(tally.failures.isEmpty)
        #expect(tally.bytes == 1000)
        #expect(server.requests.count == 501)
        #expect(server.connectionCount == 3)
        #expect(tally.connect.count == 2)
    }

    @Test("A server that closes after each answer is connected to anew, without a failure")
    func closing() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in
            try connection.respond(200, ["Connection": "close"], body: "ok")
            throw HangUp()
        }
        let tally = try await run(server)
        #expect(tally.statuses == [200: 20])
        #expect(tally.connect.count == 20)
        #expect(tally.failures.isEmpty)
    }

    @Test("Answers of every class are counted by status, and those that are not 2xx are wrong")
    func statuses() async throws {
        let count = Counter()
        let server = try ScriptedServer(on: .loopback) { _, connection in
            count.add()
            try connection.respond(count.value % 4 == 0 ? 503 : 200, body: "ok")
        }
        let tally = try await run(server, requests: 40, pacing: .concurrency(1))
        #expect(tally.statuses == [200: 30, 503: 10])
        #expect(tally.wrong == 10)
        #expect(tally.wrongExample?.status == 503)
        #expect(tally.latency.count == 30)
        #expect(tally.wrongLatency.count == 10)
    }

    @Test("A wrong answer under load is found, and the first one kept")
    func wrongAnswers() async throws {
        let count = Counter()
        let server = try ScriptedServer(on: .loopback) { request, connection in
            count.add()
            try connection.respond(200, body: count.value % 10 == 0 ? "dog" : String(request.target.dropFirst()))
        }
        let requests = try ["cat", "bird"].map { LoadRequest(target: "/\($0)", expectations: [try LoadExpectation($0)]) }
        let tally = try await run(server, requests: 100, pacing: .concurrency(1), sending: requests)
        #expect(tally.wrong == 10)
        #expect(tally.wrongExample?.body == Array("dog".utf8))
    }

    @Test("Each way of not answering has its name")
    func kinds() async throws {
        let scripts: [(LoadFailure, ScriptedServer.Script)] = [
            (.closed, { _, _ in throw HangUp() }),
            (
                .cut,
                { _, connection in
                    try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                    throw HangUp()
                }
            ),
            (
                .malformed,
                { _, connection in
                    try connection.write("SSH-2.0-Nobody\r\n\r\n")
                    try connection.stall()
                }
            ),
            (.timeout, { _, connection in try connection.stall() }),
            (
                .timeout,
                { _, connection in
                    try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                    try connection.stall()
                }
            ),
        ]
        for (failure, script) in scripts {
            let server = try ScriptedServer(on: .loopback, script: script)
            let tally = try await run(server, requests: 3, timeout: 0.3)
            #expect(tally.failures == [failure: 3])
            #expect(tally.answered == 0)
            #expect(tally.latency.count == 0)
        }
    }

    @Test("A connection that the server breaks off is a reset")
    func reset() async throws {
        // What was received and not read is thrown away with a RST.
        let server = try ScriptedServer(on: .loopback) { _, _ in throw HangUp() }
        let body = [UInt8](repeating: 1, count: 4 << 20)
        let tally = try await run(server, requests: 3, sending: [LoadRequest(method: "POST", target: "/", body: body)])
        #expect(tally.failures == [.reset: 3])
        #expect(tally.details[.reset] != nil)
    }

    @Test("A body larger than the socket takes goes out in pieces, and an early refusal is read")
    func largeBodies() async throws {
        let received = Counter()
        let taking = try ScriptedServer(on: .loopback) { _, connection in
            received.add(try connection.readBody().count)
            try connection.respond(200)
        }
        let request = LoadRequest(method: "POST", target: "/", body: [UInt8](repeating: 7, count: 6 << 20))
        #expect(try await run(taking, requests: 3, sending: [request]).statuses == [200: 3])
        #expect(received.value == 4 * (6 << 20))
        let refusing = try ScriptedServer(on: .loopback) { _, connection in
            try connection.respond(413, ["Connection": "close"], body: "too large")
            try connection.stall()
        }
        #expect(try await run(refusing, requests: 3, sending: [request]).statuses == [413: 3])
    }

    @Test("Nobody there is said before the load, as what it is")
    func nobody() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in try connection.respond(200) }
        let place = try target(server)
        server.stop()
        let plan = LoadPlan(target: place, requests: [LoadRequest(target: "/")], pacing: .concurrency(2))
        let failure = await #expect(throws: LabError.self) { try await LoadTest(plan).run { _ in } }
        #expect(failure?.code == .loadUnreachable)
        #expect(failure?.exitStatus == 3)
    }

    @Test("A name's second address is used where only that one answers")
    func secondAddress() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in try connection.respond(200) }
        var place = try target(server)
        place.addresses.insert(try #require(LocalAddress("127.0.0.77")), at: 0)
        let plan = LoadPlan(
            target: place, requests: [LoadRequest(target: "/")], pacing: .concurrency(1), warmUp: 0, duration: 5, requestLimit: 5)
        #expect(try await LoadTest(plan).run { _ in }.tally.statuses == [200: 5])
    }

    @Test("A server that dies under way is not asked without a pause, and what it answered before counts")
    func dying() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in try connection.respond(200) }
        let plan = LoadPlan(
            target: try target(server), requests: [LoadRequest(target: "/")], pacing: .concurrency(2), warmUp: 0, duration: 2)
        let test = try LoadTest(plan)
        let report = try await test.run { look in
            if look.answered > 0 { server.stop() }
        }
        #expect(report.tally.answered > 0)
        #expect(report.tally.failed > 0)
        // Two connections that rest a tenth of a second after each failure.
        #expect(report.tally.failed < 100)
    }

    @Test("Ending it early gives what was measured until then")
    func stopping() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in
            try connection.rest(milliseconds: 5)
            try connection.respond(200)
        }
        let plan = LoadPlan(
            target: try target(server), requests: [LoadRequest(target: "/")], pacing: .concurrency(2), warmUp: 0, duration: 300)
        let test = try LoadTest(plan)
        let report = try await test.run { look in if look.answered > 0 { test.stop() } }
        #expect(report.wasStopped)
        #expect(report.tally.answered > 0)
        #expect(report.tally.failed == 0)
        #expect(report.seconds < 300)
    }

    @Test("Finishing it waits for the answers to what was sent, also if it's asked for before the load begins", arguments: [false, true])
    func finishing(early: Bool) async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in
            try connection.rest(milliseconds: 50)
            try connection.respond(200)
        }
        let plan = LoadPlan(
            target: try target(server), requests: [LoadRequest(target: "/")], pacing: .concurrency(2), warmUp: 0, duration: 300)
        let test = try LoadTest(plan)
        if early { test.finish() }
        let report = try await test.run { look in if look.answered > 0 { test.finish() } }
        #expect(!report.wasStopped && report.seconds < 300)
        #expect(report.tally.unfinished == 0 && report.tally.failed == 0)
        #expect(report.tally.answered == 0 || !early)
    }
}
