import ContainerEngine
package import Doctor
package import LabFile
package import LabRunner
import LabSupport

/// Examines the machine before anything fails: what keeps a lab from being done, why, and the cure.
package struct Examination: Sendable {
    private let scene: DoctorScene

    private init(_ scene: DoctorScene) { self.scene = scene }

    /// `lab` is nil if its file can't be read: that is a finding, and the rest of the machine is examined all the same.
    package init(
        environment: [String: String], home: String, lab: LabSpec?, options: RunOptions, terminal: DoctorScene.Terminal?
    ) {
        self.init(DoctorScene(environment: environment, home: home, lab: lab, options: options, terminal: terminal))
    }

    /// The options of the newest run in a workspace, which need not exist.
    package static func latestOptions(home: String, lab: LabSpec?) -> RunOptions {
        guard let lab, Files.exists("\(home)/id"), let workspace = try? Workspace(root: home) else { return RunOptions() }
        return LabProgress(workspace, lab).options
    }

    /// The lab with its variables filled in.
    package var spec: LabSpec? { scene.spec }
    package var environment: [String: String] { scene.environment }

    /// The results as they come.
    package func results() -> AsyncStream<ProbeResult> { Doctor(scene).results() }

    /// Everything at once, in the order of the checks.
    package func report(_ selection: Doctor.Selection = Doctor.Selection()) async -> DoctorReport { await Doctor(scene).report(selection) }

    /// One check alone, after those that it needs.
    package func check(_ id: String) async -> ProbeResult? { await Doctor(scene).check(id) }

    /// The same machine anew, in an environment that a cure may have changed.
    package func with(environment: [String: String]) -> Examination { Examination(scene.with(environment: environment)) }

    /// Writes an archive for the person who helps.
    package func writeBundle(_ report: DoctorReport, to path: String, version: String) async throws -> DoctorBundle.Written {
        try await DoctorBundle(scene, report, version: version).write(to: path)
    }

    /// The engine that answers, which names what a cure would remove.
    func connect() async throws -> DockerClient { try await scene.connect() }
}

extension Doctor.Selection {
    /// Throws `usage.check` if one of the names isn't a check.
    package static func checks(only: [String], skip: [String]) throws -> Doctor.Selection {
        let selection = Doctor.Selection(only: only, skip: skip)
        if let unknown = selection.unknown.first { throw Self.unknownCheck(unknown) }
        return selection
    }

    private static func unknownCheck(_ name: String) -> LabError {
        let families = Doctor.probes.map { String($0.id.prefix { $0 != "." }) }.reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let nearest = NearestWord.to(name, among: Doctor.probes.map(\.id) + families)
        let shown = SafeLines.clean(text: name)
        return LabError(
            .usageCheck,
            Text(
                en: "There is no check `\(shown)`" + (nearest.map { "; did you mean `\($0)`?" } ?? "."),
                zh: "没有检查项 `\(shown)`" + (nearest.map { "；是不是想写 `\($0)`？" } ?? "。")),
            hint: Text(
                en: "Groups: \(families.joined(separator: ", ")). `ailab doctor` shows all ids.",
                zh: "检查分组：\(families.joined(separator: "、"))。`ailab doctor` 会显示所有 id。"))
    }
}
