import LabFile
import LabRunner
import LabSupport

/// Checks the machine before anything fails.
///
/// All probes run at the same time, each with a timeout. A probe that finds a problem hides the probes that depend on it.
package struct Doctor: Sendable {
    /// All probes. A probe comes after those that it needs.
    package static let probes: [Probe] =
        TransportProbes.all + EngineProbes.all + HostProbes.all + StorageProbes.all + NetworkProbes.all + PlaceProbes.all + GPUProbes.all
        + ServerProbes.all

    private let scene: DoctorScene
    private let probes: [Probe]

    /// Tests pass their own probes.
    package init(_ scene: DoctorScene, probes: [Probe] = Doctor.probes) {
        self.scene = scene
        self.probes = probes
    }

    /// The probes that the user selected, by id or by a prefix that ends at a dot: `gpu` selects `gpu.device`.
    package struct Selection: Sendable {
        package var only: [String]
        package var skip: [String]

        package init(only: [String] = [], skip: [String] = []) {
            self.only = only
            self.skip = skip
        }

        func isSkipped(_ id: String) -> Bool { skip.contains { Self.fits(id, $0) } }
        package func contains(_ id: String) -> Bool { !isSkipped(id) && (only.isEmpty || only.contains { Self.fits(id, $0) }) }

        private static func fits(_ id: String, _ prefix: String) -> Bool { id == prefix || id.hasPrefix(prefix + ".") }

        /// The given names that match no probe.
        package var unknown: [String] { (only + skip).filter { name in !Doctor.probes.contains { Self.fits($0.id, name) } } }
    }

    /// The results as they arrive. A probe that runs only because another one needs it isn't reported.
    package func results(_ selection: Selection = Selection()) -> AsyncStream<ProbeResult> {
        AsyncStream { continuation in
            let all = Task.detached {
                var running: [String: Task<ProbeResult, Never>] = [:]
                for probe in wanted(selection) {
                    let parents = probe.needs.compactMap { running[$0] }
                    let skipped = probe.needs.first { selection.isSkipped($0) }
                    running[probe.id] = Task.detached { [scene] in
                        let result = await Self.run(probe, after: parents, skipped: skipped, scene)
                        if selection.contains(probe.id) { continuation.yield(result) }
                        return result
                    }
                }
                for task in running.values { _ = await task.value }
                continuation.finish()
            }
            continuation.onTermination = { _ in all.cancel() }
        }
    }

    /// All results, in the order of the probes.
    package func report(_ selection: Selection = Selection(), onResult: (ProbeResult) -> Void = { _ in }) async -> DoctorReport {
        var results: [ProbeResult] = []
        for await result in self.results(selection) {
            onResult(result)
            results.append(result)
        }
        return DoctorReport(results, lab: scene.raw?.id)
    }

    /// Runs one probe and those that it needs, to see whether a cure helped. Nil if no probe has this id.
    package func check(_ id: String) async -> ProbeResult? {
        await report(Selection(only: [id])).results.first { $0.id == id }
    }

    /// The selected probes and those that they need.
    private func wanted(_ selection: Selection) -> [Probe] {
        var names = Set(probes.map(\.id).filter(selection.contains))
        // Each probe comes after those that it needs, so one pass from the end finds all of them.
        for probe in probes.reversed() where names.contains(probe.id) { names.formUnion(probe.needs.filter { !selection.isSkipped($0) }) }
        return probes.filter { names.contains($0.id) }
    }

    private static func run(
        _ probe: Probe, after parents: [Task<ProbeResult, Never>], skipped: String?, _ scene: DoctorScene
    ) async -> ProbeResult {
        if let skipped {
            return ProbeResult(probe, .hidden, Text(en: "you skipped \(skipped)", zh: "你跳过了 \(skipped)"), hiddenBy: skipped)
        }
        for parent in parents {
            let result = await parent.value
            guard result.hidesChildren else { continue }
            // Name the probe that found the problem, not one that was hidden by it.
            return ProbeResult(probe, .hidden, result.measured, hiddenBy: result.hiddenBy ?? result.id)
        }
        return await look(probe, scene)
    }

    /// A probe that throws or times out gives a result, too: undecided.
    private static func look(_ probe: Probe, _ scene: DoctorScene) async -> ProbeResult {
        let start = ContinuousClock.now
        let seconds = { (ContinuousClock.now - start) / .seconds(1) }
        do {
            guard let verdict = try await Deadline.run(probe.timeout, { try await probe.look(scene) }) else {
                return ProbeResult(
                    probe, .undecided,
                    Text(
                        en: "no answer within \(probe.timeout.components.seconds) s",
                        zh: "\(probe.timeout.components.seconds) 秒内没有响应"), seconds: seconds())
            }
            return ProbeResult(probe, verdict, seconds: seconds())
        } catch {
            let failure = LabError(describing: error)
            let cause = failure.cause.map { " (\(SafeLines.clean(text: $0)))" } ?? ""
            return ProbeResult(probe, .undecided, failure.message.map { $0 + cause }, seconds: seconds())
        }
    }
}
