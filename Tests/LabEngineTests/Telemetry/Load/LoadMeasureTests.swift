import TestSupport
import Testing

@testable import LoadTest
@testable import Telemetry

@Suite("Load: what is measured") struct LoadMeasureTests {
    @Test("Percentiles of the histogram are those of the sorted values, to a thousandth")
    func percentiles() {
        var (seed, random) = SplitMix.printed(for: "percentiles")
        // From microseconds to seconds, as latencies are: many small ones and a long tail.
        var values = (0..<50_000).map { _ in Int64(1000 * (1 / Double.random(in: 0.00001...1, using: &random))) }
        var histogram = LatencyHistogram()
        for value in values { histogram.record(value) }
        values.sort()
        for percent in [1, 10, 50, 75, 90, 99, 99.9, 99.99, 100] {
            let rank = max(1, Int((Double(values.count) * percent / 100 - 1e-6).rounded(.up)))
            let truth = Double(values[rank - 1])
            let measured = Double(histogram.percentile(percent) ?? 0)
            // The unit is half a microsecond.
            #expect(abs(measured - truth) <= truth * 0.001 + 512, "\(percent)%: \(measured) for \(truth), seed \(seed)")
        }
        #expect(histogram.count == 50_000)
        #expect(histogram.bands.map(\.count).reduce(0, +) == 50_000)
        #expect(zip(histogram.bands, histogram.bands.dropFirst()).allSatisfy { $0.upTo == $1.above })
    }

    @Test("Nothing recorded is nothing, and what is beyond an hour counts as an hour")
    func edges() {
        var histogram = LatencyHistogram()
        #expect(histogram.percentile(50) == nil)
        #expect(histogram.mean == nil)
        #expect(histogram.maximum == nil)
        #expect(histogram.bands.isEmpty)
        histogram.record(-5)
        histogram.record(.max)
        #expect(histogram.count == 2)
        #expect(Double(histogram.percentile(100) ?? 0) <= Double(LatencyHistogram.ceiling) * 1.001)
        histogram.reset()
        #expect(histogram.percentile(50) == nil)
    }

    @Test("A percentile needs answers beyond it")
    func support() {
        var histogram = LatencyHistogram()
        for _ in 0..<999 { histogram.record(1000) }
        #expect(histogram.supports(99))
        #expect(!histogram.supports(99.9))
        histogram.record(1000)
        #expect(histogram.supports(99.9))
        #expect(!histogram.supports(99.99))
    }

    // MARK: - The knee

    private func level(_ load: Double, _ throughput: Double, p99: Double? = 1, faults: Double = 0) -> LoadSweep.Level {
        LoadSweep.Level(
            load: load, throughput: throughput, median: p99.map { Int64($0 * 5e5) }, p99: p99.map { Int64($0 * 1e6) }, faults: faults)
    }

    @Test("A sweep doubles up to the top, which is in it")
    func levels() {
        #expect(LoadSweep.concurrencies(upTo: 1) == [1])
        #expect(LoadSweep.concurrencies(upTo: 8) == [1, 2, 4, 8])
        #expect(LoadSweep.concurrencies(upTo: 20) == [1, 2, 4, 8, 16, 20])
        #expect(LoadSweep.rates(upTo: 80) == [10, 20, 30, 40, 50, 60, 70, 80])
    }

    @Test("The knee of a closed loop is the fewest requests at a time that give nearly all there is")
    func kneeOfConcurrency() {
        let flat = [level(1, 100), level(2, 195), level(4, 380), level(8, 395), level(16, 400), level(32, 398)]
        #expect(LoadSweep.kneeOfConcurrency(flat) == .at(2))
        #expect(LoadSweep.kneeOfConcurrency([level(1, 100), level(2, 200), level(4, 400)]) == .beyond)
        #expect(LoadSweep.kneeOfConcurrency([level(1, 0, faults: 1)]) == .none)
        #expect(LoadSweep.kneeOfConcurrency([]) == .none)
        // Refusals are quick, but they are no service.
        let refusing = [level(1, 100), level(2, 190), level(4, 900, faults: 0.6)]
        #expect(LoadSweep.kneeOfConcurrency(refusing) == .at(1))
    }

    @Test("The knee of an open loop is the last rate that was kept up with")
    func kneeOfRate() {
        let carried = [level(10, 10, p99: 5), level(20, 20, p99: 6), level(30, 30, p99: 9)]
        #expect(LoadSweep.kneeOfRate(carried) == .beyond)
        #expect(LoadSweep.kneeOfRate(carried + [level(40, 31, p99: 900, faults: 0.2)]) == .at(2))
        #expect(LoadSweep.kneeOfRate(carried + [level(40, 40, p99: 60)]) == .at(2))
        #expect(LoadSweep.kneeOfRate([level(10, 3, p99: 900, faults: 0.5)]) == .none)
        #expect(LoadSweep.kneeOfRate([]) == .none)
    }

    @Test("A level with too few answers for a p99 is judged without it")
    func kneeWithoutTail() {
        let few = [level(1, 1, p99: nil), level(2, 2, p99: nil)]
        #expect(LoadSweep.kneeOfRate(few) == .beyond)
        #expect(LoadSweep.kneeOfRate(few + [level(3, 1, p99: nil)]) == .at(1))
        #expect(LoadSweep.kneeOfRate(few + [level(30, 30, p99: 5), level(40, 40, p99: 900)]) == .at(2))
    }

    // MARK: - The server's counters

    private static let metrics = """
        # HELP ts_inference_requests_total Total number of inference requests.
        # TYPE ts_inference_requests_total counter
        ts_inference_requests_total{model_name="mnist",model_version="default",hostname="h",} 10.0
        ts_inference_requests_total{model_name="other",model_version="default",hostname="h",} 5.0
        ts_inference_latency_microseconds{model_name="mnist",model_version="default",hostname="h",} 1.2E4
        ts_inference_latency_microseconds{model_name="other",model_version="default",hostname="h",} 100.0
        ts_queue_latency_microseconds{model_name="mnist",model_version="default",hostname="h",} 2000.0
        Requests2XX{Level="Host",Hostname="h",} 10.0
        """

    @Test("TorchServe's counters are read by model, and their difference is the time inside")
    func serverShare() throws {
        let mnist = try #require(ServerCounters(PrometheusText(Self.metrics), model: "mnist"))
        #expect(mnist.requests == 10)
        #expect(mnist.total == 12_000)
        #expect(mnist.queue == 2000)
        #expect(ServerCounters(PrometheusText(Self.metrics), model: nil)?.requests == 15)
        #expect(ServerCounters(PrometheusText(Self.metrics), model: "nosuch") == nil)
        #expect(ServerCounters(PrometheusText(""), model: nil) == nil)
        let share = try #require(ServerShare(from: ServerCounters(), to: mnist))
        #expect(share.requests == 10)
        #expect(share.total == 1200)
        #expect(share.queue == 200)
        #expect(share.worker == 1000)
        #expect(ServerShare(from: mnist, to: mnist) == nil)
    }
}
