import HTTPTransport
import InferenceServer
import Telemetry
import Testing

extension TorchServeRealTests {
    @Test func whatTheServerCountsBecomesRatesAndTimes() async throws {
        _ = try await client.waitReady("echo", within: .seconds(60))
        let client = client
        let clock = TelemetryClock()
        var meter = ServerMeter(ServerTarget(name: "torchserve", container: "x") { client })
        _ = try await client.predict(model: "echo", body: .bytes(Array("cat".utf8)), contentType: "text/plain")
        let before = try #require(await meter.read(timeout: .seconds(10), at: clock).models.first { $0.name == "echo" })
        #expect(before.readyWorkers == 1 && before.workers == 1 && before.rate == nil)
        #expect(try #require(before.requests) >= 1)
        for _ in 0..<3 { _ = try await client.predict(model: "echo", body: .bytes(Array("sleep 0.2".utf8)), contentType: "text/plain") }
        let sample = await meter.read(timeout: .seconds(10), at: clock)
        #expect(sample.absence == nil)
        let after = try #require(sample.models.first { $0.name == "echo" })
        #expect(after.requests == before.requests.map { $0 + 3 })
        #expect(try #require(after.rate) > 0)
        // Each request sleeps so long in its worker, and found it free.
        #expect(try #require(after.workTime) >= 200)
        #expect(try #require(after.queueTime) < 200)
    }

    @Test func aServerThatIsNotThereSaysSo() async throws {
        let addresses = TorchServeAddresses(inferencePort: 1, managementPort: 1, metricsPort: 1)
        let client = TorchServeClient(http: CurlHTTPClient.shared, addresses: addresses)
        var meter = ServerMeter(ServerTarget(name: "torchserve", container: "x") { client })
        let sample = await meter.read(timeout: .seconds(5), at: TelemetryClock())
        #expect(sample.absence?.code == "torchserve.unreachable")
        #expect(sample.models.isEmpty)
    }
}
