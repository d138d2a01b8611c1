/// Reads what a report is made of: the lab's file, the journals of a workspace, and what was measured.
package struct ReportSource: Sendable {
    private let workspace: Workspace
    private let labFile: String
    private let environment: [String: String]
    private let version: String

    /// `version` is that of this program.
    package init(_ workspace: Workspace, labFile: String, environment: [String: String], version: String) {
        self.workspace = workspace
        self.labFile = labFile
        self.environment = environment
        self.version = version
    }

    /// Types of events that say nothing to a report; they are most of a journal.
    private static let passed = ["output", "progress"]

    /// Reads everything once. `author` is who hands it in; nil: the user's login name. Throws `usage.report` where nothing of the lab was
    /// done yet.
    package func read(author: String? = nil, now: Double = wallClock()) throws -> LabReport {
        let spec = try LabSpecLoader.spec(path: labFile)
        let living = WorkspaceLock.holder(of: workspace)?.run
        let journals = workspace.runs.map { folder in
            ReportJournal(
                number: folder.number, account: JournalAccount(of: folder, skipping: Self.passed, isLiving: folder.number == living))
        }
        let lab = LabReport.Lab(
            id: spec.id, title: spec.title, file: labFile, sha256: try? SHA256.hex(ofFile: labFile),
            digest: LabDigest.hex(of: labFile, spec.directory))
        let censor = ReportCensor(environment: environment, journals: journals)
        let name = author ?? BuiltIns.user(environment)
        guard
            var report = LabReport(
                spec, lab: lab, journals: journals, censor: censor, version: version, made: now, author: name, living: living)
        else { throw Self.empty(spec) }
        measure(&report, censor)
        return report
    }

    private func measure(_ report: inout LabReport, _ censor: ReportCensor) {
        let begun = Set(report.tasks.flatMap(\.attempts).map(\.run))
        let count = max(12, min(240, ReportPeaks.budget / max(1, begun.count)))
        for index in report.runs.indices where begun.contains(report.runs[index].number) {
            report.runs[index].peaks = ReportPeaks.read(workspace.run(report.runs[index].number), count: count, censor)
        }
    }

    private static func empty(_ spec: LabSpec) -> LabError {
        LabError(
            "usage.report",
            Text(
                en: "There is nothing to report: nothing of \(spec.id) has been run in this workspace.",
                zh: "没有可报告的内容：这个工作区里还没有运行过 \(spec.id)。"),
            hint: Text(
                en: "Begin with `ailab step 1` (or `ailab`); the report tells what the journals hold. `--home` names another workspace.",
                zh: "请先运行 `ailab step 1`（或 `ailab`），报告的内容来自运行记录。用 `--home` 可指定其他工作区。"))
    }
}
