import Glibc
package import LabFile
import LabSupport

/// Records that the student passes a sub-step over: a run of its own with one fact, so that every view learns it by the same fold.
package struct SkipRecord: Sendable {
    /// The facts' names.
    package static let fact = "task.skipped"
    package static let factAgain = "task.taken-up"
    /// What such a run's selection begins with.
    package static let selection = "skip "

    private let workspace: Workspace
    private let lab: String
    private let labFile: String
    private let options: RunOptions

    /// `options` are those of the newest run: a mark changes no setting.
    package init(workspace: Workspace, lab: String, labFile: String, options: RunOptions) {
        self.workspace = workspace
        self.lab = lab
        self.labFile = labFile
        self.options = options
    }

    /// Sets the mark, or takes it away. Throws where a run is at work.
    package func write(_ task: TaskID, isSkipped: Bool) throws {
        if let holder = WorkspaceLock.holder(of: workspace) { throw WorkspaceLock.busy(holder) }
        let folder = try workspace.makeRun()
        let lock = try WorkspaceLock(workspace, run: folder.number)
        defer { withExtendedLifetime(lock) {} }
        let journal = try JournalWriter(folder)
        journal.append(
            .runStarted(
                RunStarted(
                    run: folder.number, lab: lab, labFile: labFile, version: "", pid: getpid(), selection: Self.selection + "\(task)",
                    options: options, tasks: [])))
        let text =
            isSkipped ? Text(en: "Skipped.", zh: "已跳过。") : Text(en: "No longer skipped.", zh: "已取消跳过。")
        journal.append(.fact(Fact(name: isSkipped ? Self.fact : Self.factAgain, text: text)), task: task)
        journal.append(.runFinished(RunFinished(outcome: .succeeded, exitCode: 0, seconds: 0)))
        if let failure = journal.failure { throw failure }
    }
}
