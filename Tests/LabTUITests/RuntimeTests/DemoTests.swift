import LabRunner
import LabSupport
import LabTUI
import Telemetry
import TestSupport
import Testing

@Suite struct DemoTests {
    /// The demo that is installed tells what was measured, in its time and with the lab's own events.
    @Test func theShippedDemoHasMeasurements() async throws {
        let demo = try DemoServices(labFile: Program.checkout + "/labs/lab5.yaml", speed: 100_000)
        let told = Locked<[TelemetrySample]>([])
        await demo.perform(.startTelemetry) { event in
            if case .telemetry(let samples) = event { told.withLock { $0 += samples } }
        }
        let samples = told.withLock { $0 }
        #expect(samples.count > 60)
        #expect(zip(samples, samples.dropFirst()).allSatisfy { $0.time < $1.time })
        #expect(samples.contains { $0.training?.loss != nil })
        #expect(samples.contains { !$0.containers.list.isEmpty })
        #expect(samples.contains { $0.marks.contains { $0.kind == .epoch } })
        #expect(samples.contains { $0.requests.contains { $0.sender == "run 1" && $0.latency != nil } })
        // It belongs to the journal that is told beside it.
        let events = JournalReader.events(of: demo.recording)
        let first = try #require(events.first), last = try #require(events.last)
        #expect(samples.allSatisfy { $0.time >= first.time - 1 && $0.time <= last.time + 2 })
    }
}
