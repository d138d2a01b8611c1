import Foundation
import HTTPTransport
import InferenceServer
import LabSupport
import TestSupport
import Testing

/// Against a real TorchServe that `scripts/test-torchserve.sh` starts.
@Suite(.tags(.engine), .needsOfTags, .serialized) struct TorchServeRealTests {
    let client: TorchServeClient

    init() throws {
        let environment = ProcessInfo.processInfo.environment
        let ports = (environment["AILAB_TEST_TORCHSERVE"] ?? "").split(separator: ":").compactMap { Int($0) }
        guard ports.count == 3, let file = environment["AILAB_TEST_TORCHSERVE_KEYS"] else {
            Issue.record("no TorchServe to test against: run this as  scripts/test-torchserve.sh swift test --filter TorchServe")
            throw CancellationError()
        }
        let keys = try TorchServeKeys(json: Array(try Data(contentsOf: URL(filePath: file))))
        let addresses = TorchServeAddresses(inferencePort: ports[0], managementPort: ports[1], metricsPort: ports[2])
        client = TorchServeClient(http: CurlHTTPClient.shared, addresses: addresses, keys: keys)
    }

    private func ask(_ text: String, timeout: Duration = .seconds(20)) async throws -> TorchServePrediction {
        try await client.predict(model: "echo", body: .bytes(Array(text.utf8)), contentType: "text/plain", timeout: timeout)
    }

    /// The code of what fails; nil where nothing does.
    private func code(_ body: () async throws -> Void) async -> LabError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return LabError(torchServe: error, keys: client.keys).code
        }
    }

    @Test func aLoadedModelBecomesReadyAndPredicts() async throws {
        #expect(try await client.ping())
        let model = try await client.waitReady("echo", within: .seconds(60))
        #expect(model.modelName == "echo")
        #expect(model.readyWorkers == 1)
        #expect(try await client.models().contains { $0.modelName == "echo" && $0.modelUrl == "echo.mar" })
        let prediction = try await ask("cat,dog,bird")
        #expect(prediction.candidates.map(\.label) == ["cat", "dog", "bird"])
        #expect(prediction.candidates.first?.probability == 0.5)
        #expect(try await client.metrics().contains("ts_inference_requests_total{model_name=\"echo\""))
    }

    /// Asks again while TorchServe still cleans up: after a worker's death, or a registration that failed, it answers 500 or 409 for a
    /// moment.
    @discardableResult
    private func settled<Value>(_ body: () async throws -> Value) async throws -> Value {
        for _ in 0..<40 {
            do { return try await body() } catch is TorchServeError { try await Task.sleep(for: .milliseconds(500)) }
        }
        return try await body()
    }

    @Test func wrongKeysAndNamesAreToldApart() async throws {
        var stranger = client
        stranger.keys = nil
        #expect(await code { _ = try await stranger.ping() } == .torchserveToken)
        stranger.keys = TorchServeKeys(management: client.keys?.inference, inference: client.keys?.management)
        #expect(await code { _ = try await stranger.models() } == .torchserveToken)
        #expect(await code { _ = try await client.describe("nosuch") } == .torchserveModelNotFound)
        #expect(await code { try await client.unregister("nosuch") } == .torchserveModelNotFound)
        #expect(
            await code { try await client.register(TorchServeRegistration(url: "nosuch.mar")) } == .torchserveArchiveNotFound)
        #expect(await code { try await client.register(TorchServeRegistration(url: "echo.mar")) } == .torchserveConflict)
    }

    @Test func requestsThatFailSayHow() async throws {
        _ = try await client.waitReady("echo", within: .seconds(60))
        #expect(await code { _ = try await ask("raise") } == .torchservePredictionFailed)
        #expect(await code { _ = try await ask("sleep 2", timeout: .milliseconds(300)) } == .torchserveTimeout)
        #expect(await code { _ = try await ask(String(repeating: "x", count: 8_000_000)) } == .torchserveTooLarge)
        #expect(await code { _ = try await ask("die") } == .torchserveWorkerDied)
        // TorchServe starts it again by itself.
        _ = try await client.waitReady("echo", within: .seconds(60))
        #expect(try await ask("cat").candidates.map(\.label) == ["cat"])
    }

    @Test func workersAreScaledAndAModelWithoutAnyIsNotWaitedFor() async throws {
        try await settled { try await client.scale("echo", workers: 0, synchronous: true) }
        #expect(await code { _ = try await ask("cat") } == .torchserveOverloaded)
        #expect(
            await code { _ = try await client.waitReady("echo", within: .seconds(30), every: .milliseconds(50)) } == .torchserveNoWorkers)
        try await settled { try await client.scale("echo", workers: 1, synchronous: true) }
        // The answer to a synchronous scaling may come while the worker is still on its way to READY.
        _ = try await client.waitReady("echo", within: .seconds(60))
        #expect(try await client.describe("echo").first?.readyWorkers == 1)
    }

    @Test func aWorkerThatKeepsDyingIsNoticedEarly() async throws {
        #expect(
            await code { try await client.register(TorchServeRegistration(url: "broken.mar", synchronous: true)) }
                == .torchserveWorkerStart)
        try await settled {
            // A registration whose workers do not start is taken back, or stays, depending on when the worker died.
            _ = try? await client.unregister("broken")
            try await client.register(TorchServeRegistration(url: "broken.mar"))
        }
        #expect(await code { _ = try await client.waitReady("broken", within: .seconds(120)) } == .torchserveWorkerDied)
        // The server calls itself healthy all the while.
        #expect(try await client.ping())
        #expect(try await client.unregister("broken").contains("broken"))
    }
}
