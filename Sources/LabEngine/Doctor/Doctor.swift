import LabFile
import LabRunner
import LabSupport

/// Looks at the machine before anything fails: every probe at once, each with an end, a failed one hiding what builds on it.
package struct Doctor: Sendable {
    /// Every probe there is; one stands behind those that it needs.
    package static let probes: [Probe] =
        TransportProbes.all + EngineProbes.all + HostProbes.all + StorageProbes.all + NetworkProbes.all + PlaceProbes.all + GPUProbes.all
        + ServerProbes.all

    private let scene: DoctorScene
    private let probes: [Probe]

    /// Other probes are for tests.
    package init(_ scene: DoctorScene, probes: [Probe] = Doctor.probes) {
        self.scene = scene
        self.probes = probes
    }

    /// Which probes are wanted, by their ids or the beginnings of them.
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

        /// What is asked for and names no probe.
        package var unknown: [String] { (only + skip).filter { name in !Doctor.probes.contains { Self.fits($0.id, name) } } }
    }

    /// The results as they come. A probe that only another one needs is carried out, but not reported.
    package func results(_ selection: Selection = Selection()) -> AsyncStream<ProbeResult> {
        AsyncStream { continuation in
            let all = Task.detached {
                var running: [String: Task<ProbeResult, Never>] = [:]
                for probe in wanted(selection) {
                    let parents = probe.needs.compactMap { running[$0] }
                    let skipped = probe.needs.first { selection.isSkipped($0) }
                    running[probe.id] = Task.detached { [scene] in
                        let result = await Self.carryOut(probe, after: parents, skipped: skipped, scene)
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

    /// Everything, in the order of the probes.
    package func report(_ selection: Selection = Selection(), onResult: (ProbeResult) -> Void = { _ in }) async -> DoctorReport {
        var results: [ProbeResult] = []
        for await result in self.results(selection) {
            onResult(result)
            results.append(result)
        }
        return DoctorReport(results, lab: scene.raw?.id)
    }

    /// One probe alone, after the ones that it needs: whether a cure has helped. Nil where there is no such probe.
    package func check(_ id: String) async -> ProbeResult? {
        await report(Selection(only: [id])).results.first { $0.id == id }
    }

    /// The probes that are wanted and those that they need.
    private func wanted(_ selection: Selection) -> [Probe] {
        var names = Set(probes.map(\.id).filter(selection.contains))
        // Behind those that it needs stands each probe, so one walk from the end finds all.
        for probe in probes.reversed() where names.contains(probe.id) { names.formUnion(probe.needs.filter { !selection.isSkipped($0) }) }
        return probes.filter { names.contains($0.id) }
    }

    private static func carryOut(
        _ probe: Probe, after parents: [Task<ProbeResult, Never>], skipped: String?, _ scene: DoctorScene
    ) async -> ProbeResult {
        if let skipped {
            return ProbeResult(probe, .hidden, Text(en: "\(skipped) was left out", zh: "已略过 \(skipped)"), hiddenBy: skipped)
        }
        for parent in parents {
            let result = await parent.value
            guard result.hidesChildren else { continue }
            // The one at the beginning is the reason, not the one in between.
            return ProbeResult(probe, .hidden, result.measured, hiddenBy: result.hiddenBy ?? result.id)
        }
        return await look(probe, scene)
    }

    /// A failure or a look without an end is a result like any other.
    private static func look(_ probe: Probe, _ scene: DoctorScene) async -> ProbeResult {
        let start = ContinuousClock.now
        let seconds = { (ContinuousClock.now - start) / .seconds(1) }
        do {
            guard let verdict = try await Deadline.run(probe.timeout, { try await probe.look(scene) }) else {
                return ProbeResult(
                    probe, .undecided,
                    Text(
                        en: "no answer within \(probe.timeout.components.seconds) s",
                        zh: "\(probe.timeout.components.seconds) 秒内没有结果"), seconds: seconds())
            }
            return ProbeResult(probe, verdict, seconds: seconds())
        } catch {
            let failure = LabError(describing: error)
            let cause = failure.cause.map { " (\(SafeLines.clean(text: $0)))" } ?? ""
            return ProbeResult(probe, .undecided, failure.message.map { $0 + cause }, seconds: seconds())
        }
    }
}

/// What the doctor has to say.
package struct DoctorReport: Sendable, Equatable {
    /// In the order of the probes.
    package let results: [ProbeResult]
    /// The lab whose tasks the findings block; nil where none was looked at.
    package let lab: String?

    package init(_ results: [ProbeResult], lab: String?) {
        let order = Dictionary(Doctor.probes.enumerated().map { ($1.id, $0) }) { first, _ in first }
        self.results = results.sorted { (order[$0.id] ?? .max, $0.id) < (order[$1.id] ?? .max, $1.id) }
        self.lab = lab
    }

    /// What is wrong, the root first: what blocks before what does not, reasons before their consequences, then in the order of the probes.
    package var findings: [ProbeResult] {
        let found = results.filter { $0.finding != nil }
        let causes = Set(found.compactMap(\.finding?.cause))
        func rank(_ result: ProbeResult) -> Int {
            let late = result.finding?.after.contains(where: causes.contains) ?? false
            return (result.standing == .problem ? 0 : 2) + (late ? 1 : 0)
        }
        return found.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    }

    package var problems: [ProbeResult] { findings.filter { $0.standing == .problem } }
    package var advice: [ProbeResult] { findings.filter { $0.standing == .advice } }

    /// True where something keeps tasks from being done.
    package var blocks: Bool { !problems.isEmpty }
}
