import HTTPTransport
import LabSupport
import LoadTest
import Telemetry
import TestSupport
import Testing

/// Figures against a server whose delays are known. What is asserted are counts and ratios within one run, never a duration.
@Suite("Load: figures are true", .timeLimit(.minutes(2))) struct LoadTruthTests {
    private func plan(_ server: ScriptedServer, _ pacing: LoadPlan.Pacing, warmUp: Double = 0, duration: Double) throws -> LoadPlan {
        guard case .tcp(let host, let port, _) = server.endpoint else { throw NeverHappened() }
        let target = LoadTarget(host: host, port: port, addresses: [try #require(LocalAddress(host))])
        return LoadPlan(target: target, requests: [LoadRequest(target: "/")], pacing: pacing, warmUp: warmUp, duration: duration)
    }

    @Test("A server that takes a known time is measured at that, in its slow answers too")
    func knownDelays() async throws {
        let truth = Locked(LatencyHistogram())
        let count = Counter()
        let server = try ScriptedServer(on: .loopback) { _, connection in
            count.add()
            let began = ContinuousClock.now
            try connection.rest(milliseconds: count.value % 20 == 0 ? 200 : 20)
            let took = began.duration(to: .now).components
            try connection.respond(200)
            truth.withLock { $0.record(took.seconds * 1_000_000_000 + took.attoseconds / 1_000_000_000) }
        }
        let report = try await LoadTest(plan(server, .concurrency(4), duration: 4)).run { _ in }
        let latency = report.tally.latency
        for percent in [50.0, 90, 99] {
            let measured = Double(try #require(latency.percentile(percent)))
            let known = Double(try #require(truth.withLock { $0.percentile(percent) }))
            // The way to the server and back is not in the server's own figure, and a busy machine makes it longer.
            #expect(measured / known > 0.98 && measured / known < 2, "\(percent) %: \(measured) for \(known)")
        }
        let slow = latency.bands.filter { $0.above >= 100_000_000 }.map(\.count).reduce(0, +)
        #expect(abs(Double(slow) / Double(latency.count) - 0.05) < 0.03)
        // What is no waiting for the server is next to nothing here.
        #expect((report.tally.wait.mean ?? 0) / (latency.mean ?? 1) > 0.9)
    }

    @Test("An open loop sends what is due, no more and no less")
    func rate() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in try connection.respond(200) }
        let report = try await LoadTest(plan(server, .rate(200, connections: 64), warmUp: 0.5, duration: 2)).run { _ in }
        #expect(report.tally.answered + report.tally.unsent == 400)
        #expect(server.requests.count >= 400)
    }

    @Test("One answer that is held up delays all that were due meanwhile: the latency from when they were due shows it, the other does not")
    func coordinatedOmission() async throws {
        let count = Counter()
        let server = try ScriptedServer(on: .loopback) { _, connection in
            count.add()
            if count.value == 100 { try connection.rest(milliseconds: 1000) }
            try connection.respond(200)
        }
        // One connection: whatever is due during the second that one answer takes has to wait.
        let tally = try await LoadTest(plan(server, .rate(100, connections: 1), duration: 4)).run { _ in }.tally
        func late(_ histogram: LatencyHistogram) -> Int { histogram.bands.filter { $0.above >= 200_000_000 }.map(\.count).reduce(0, +) }
        #expect(tally.answered == 400)
        // 100 were due in that second, 80 of them more than 200 ms before its end.
        #expect(late(tally.latency) >= 75)
        #expect(late(tally.service) >= 1 && late(tally.service) <= 5)
    }

    @Test("What a server does not keep up with is counted with the time that it has waited")
    func overload() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in
            try connection.rest(milliseconds: 20)
            try connection.respond(200)
        }
        let tally = try await LoadTest(plan(server, .rate(500, connections: 2), duration: 2)).run { _ in }.tally
        #expect(tally.answered + tally.unsent == 1000)
        #expect(tally.unsent > 500)
        #expect(tally.latency.count == 1000)
        #expect(tally.service.count == tally.answered)
        #expect((tally.latency.percentile(50) ?? 0) > 4 * (tally.service.percentile(50) ?? .max / 8))
    }

    @Test("The warm-up does not count")
    func warmUp() async throws {
        // The first answers of a server are its slowest: each connection's first takes half a second here.
        let greeted = Locked<Set<ObjectIdentifier>>([])
        let server = try ScriptedServer(on: .loopback) { _, connection in
            let isFirst = greeted.withLock { $0.insert(ObjectIdentifier(connection)).inserted }
            if isFirst { try connection.rest(milliseconds: 500) }
            try connection.rest(milliseconds: 2)
            try connection.respond(200)
        }
        let tally = try await LoadTest(plan(server, .concurrency(4), warmUp: 1, duration: 1)).run { _ in }.tally
        #expect(tally.answered > 0)
        #expect((tally.latency.maximum ?? .max) < 500_000_000)
        #expect(tally.connect.count == 0)
        #expect(server.requests.count > tally.answered)
    }

    @Test("Progress tells of warm-up and measuring, and its counts grow to the result")
    func progress() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in
            try connection.rest(milliseconds: 2)
            try connection.respond(200)
        }
        let looks = Locked<[LoadProgress]>([])
        let report = try await LoadTest(plan(server, .concurrency(2), warmUp: 1, duration: 2)).run { look in
            looks.withLock { $0.append(look) }
        }
        let seen = looks.withLock { $0 }
        #expect(seen.contains { $0.phase == .warmUp && $0.answered == 0 })
        #expect(seen.contains { $0.phase == .measuring && $0.answered > 0 && $0.rate > 0 })
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.answered <= $1.answered })
        #expect((seen.last?.answered ?? .max) <= report.tally.answered)
    }
}
