import Foundation
import HTTPTransport
import InferenceServer
import LoadTest
import Telemetry
import TestSupport
import Testing

/// Against a real TorchServe that `scripts/test-torchserve.sh` starts.
@Suite("Load: a real TorchServe", .tags(.engine), .needsOfTags, .serialized, .timeLimit(.minutes(3))) struct LoadTorchServeTests {
    private let client: TorchServeClient
    private let target: LoadTarget

    init() throws {
        let environment = ProcessInfo.processInfo.environment
        let ports = (environment["AILAB_TEST_TORCHSERVE"] ?? "").split(separator: ":").compactMap { Int($0) }
        guard ports.count == 3, let file = environment["AILAB_TEST_TORCHSERVE_KEYS"] else {
            Issue.record("no TorchServe to test against: run this as  scripts/test-torchserve.sh IMAGE swift test --filter TorchServe")
            throw CancellationError()
        }
        let keys = try TorchServeKeys(json: Array(try Data(contentsOf: URL(filePath: file))))
        let addresses = TorchServeAddresses(inferencePort: ports[0], managementPort: ports[1], metricsPort: ports[2])
        client = TorchServeClient(http: CurlHTTPClient.shared, addresses: addresses, keys: keys)
        target = LoadTarget(host: "127.0.0.1", port: ports[0], addresses: [try #require(LocalAddress("127.0.0.1"))])
    }

    private func request(_ body: String, _ expectation: String, key: Bool = true) throws -> LoadRequest {
        var headers: HTTPHeaders = ["Content-Type": "text/plain"]
        if key, let value = client.keys?.inference?.value { headers.append("Authorization", "Bearer \(value)") }
        return LoadRequest(
            method: "POST", target: "/predictions/echo", headers: headers, body: Array(body.utf8),
            expectations: [try LoadExpectation(expectation)], name: body)
    }

    private func run(_ requests: [LoadRequest], _ pacing: LoadPlan.Pacing, count: Int) async throws -> LoadTally {
        _ = try await client.waitReady("echo", within: .seconds(60))
        let plan = LoadPlan(
            target: target, requests: requests, pacing: pacing, warmUp: 0, duration: 60, timeout: 20, requestLimit: count)
        return try await LoadTest(plan).run { _ in }.tally
    }

    @Test func everyAnswerIsRightAndTheServerCountsTheSame() async throws {
        let before = ServerCounters(PrometheusText(try await client.metrics()), model: "echo") ?? ServerCounters()
        let tally = try await run([request("cat,dog", "cat"), request("dog,cat", "label=dog")], .concurrency(1), count: 200)
        #expect(tally.statuses == [200: 200])
        #expect(tally.wrong == 0)
        let after = try #require(ServerCounters(PrometheusText(try await client.metrics()), model: "echo"))
        let share = try #require(ServerShare(from: before, to: after))
        // One more found out beforehand that somebody answers.
        #expect(share.requests == 201)
        // The server's share is a part of what the client waited for, and the queue a part of the server's share.
        #expect(share.total * 1000 < tally.wait.mean ?? 0)
        #expect(share.queue > 0 && share.queue < share.total)
    }

    @Test func swappedAnswersWouldBeFound() async throws {
        let tally = try await run([request("cat,dog", "dog"), request("dog,cat", "dog")], .concurrency(1), count: 40)
        #expect(tally.statuses == [200: 40])
        #expect(tally.wrong == 20)
        #expect(tally.wrongExample?.request == 0)
    }

    @Test func moreThanItsQueueTakesIsRefusedAndSaidSo() async throws {
        // One worker that sleeps, and a queue of two.
        let tally = try await run([request("sleep 0.2", "slept")], .concurrency(8), count: 40)
        #expect(tally.answered == 40)
        #expect((tally.statuses[200] ?? 0) > 0)
        #expect((tally.statuses[503] ?? 0) > 0)
        #expect(tally.wrong == tally.statuses[503])
        #expect(tally.latency.count == tally.statuses[200])
    }

    @Test func aMissingTokenIsAWrongAnswerAndNoFailure() async throws {
        let tally = try await run([request("cat", "cat", key: false)], .concurrency(2), count: 10)
        #expect(tally.statuses == [400: 10])
        #expect(tally.wrong == 10)
        let body = String(decoding: tally.wrongExample?.body ?? [], as: UTF8.self)
        #expect(body.contains("InvalidKeyException"))
    }
}
