import Dispatch
import LabFile
package import LabRunner
import LabSupport

/// Reads the inputs of a report: the lab's file, a workspace's journals, and the recorded samples.
package struct ReportSource: Sendable {
    private let workspace: Workspace
    private let labFile: String
    private let environment: [String: String]
    private let version: String

    /// `version` is this program's version.
    package init(_ workspace: Workspace, labFile: String, environment: [String: String], version: String) {
        self.workspace = workspace
        self.labFile = labFile
        self.environment = environment
        self.version = version
    }

    /// The types of events that a report doesn't use. Most of a journal has these types.
    private static let passed = ["output", "progress"]

    /// Reads everything once. `author` is the person who submits the report. Nil for the name that they gave before. Throws `usage.report` if
    /// nothing of the lab has been done yet.
    package func read(author: String? = nil, now: Double = wallClock()) throws -> LabReport {
        let spec = try LabSpecLoader.spec(path: labFile)
        let living = WorkspaceLock.holder(of: workspace)?.run
        let journals = Self.journals(workspace.runs, living: living)
        let lab = LabReport.Lab(
            id: spec.id, title: spec.title, file: labFile, sha256: try? SHA256.hex(ofFile: labFile),
            digest: LabDigest.hex(of: labFile, spec.directory) ?? "")
        let censor = ReportCensor(environment: environment, journals: journals, machine: ReportCensor.hostNames(environment))
        let name = author ?? StudentName.read(workspace.root, environment: environment)
        guard
            var report = LabReport(
                spec, lab: lab, journals: journals, notes: JournalAccount(path: workspace.events(lab: spec.id)), censor: censor,
                version: version, made: now, author: name, workspace: workspace.id, living: living)
        else { throw Self.empty(spec) }
        measure(&report, censor)
        return report
    }

    /// Reads each journal separately, on all cores.
    private static func journals(_ folders: [RunFolder], living: Int?) -> [ReportJournal] {
        let read = Locked<[Int: ReportJournal]>([:])
        DispatchQueue.concurrentPerform(iterations: folders.count) { index in
            let number = folders[index].number
            let account = JournalAccount(of: folders[index], skipping: passed, isLiving: number == living)
            read.withLock { $0[index] = ReportJournal(number: number, account: account) }
        }
        return read.withLock { read in folders.indices.compactMap { read[$0] } }
    }

    private func measure(_ report: inout LabReport, _ censor: ReportCensor) {
        let begun = Set(report.tasks.flatMap(\.attempts).map(\.run))
        let measured = begun.filter { Files.size(workspace.run($0).telemetry) ?? 0 > 0 }
        let count = max(12, min(240, ReportPeaks.budget / max(1, measured.count)))
        for index in report.runs.indices where measured.contains(report.runs[index].number) {
            report.runs[index].peaks = ReportPeaks.read(workspace.run(report.runs[index].number), count: count, censor)
        }
    }

    private static func empty(_ spec: LabSpec) -> LabError {
        LabError(
            .usageReport,
            Text(
                en: "There is nothing to report: nothing of \(spec.id) has been run in this workspace.",
                zh: "没有可报告的内容：这个工作区里还没有运行过 \(spec.id)。"),
            hint: Text(
                en: "Begin with `ailab step 1` (or `ailab`); the report tells what the journals hold. `--home` names another workspace.",
                zh: "请先运行 `ailab step 1`（或 `ailab`），报告的内容来自运行记录。用 `--home` 可指定其他工作区。"))
    }
}
