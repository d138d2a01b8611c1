package import LabFile
package import LabRunner
import LabSupport

/// A run of a workspace that is or was recorded: which one a person means, and what it did.
package struct RecordedRun: Sendable {
    package let folder: RunFolder

    /// The run with this number; without a number the active run, or else the latest that began what was asked for.
    ///
    /// `tasks`: the tasks that must be part of it; nil: any. `selection`: how the person wrote them, for the error. `follows`: an active
    /// run also counts if it plans the tasks but hasn't begun them. Throws `usage.run` if there is no such run.
    package init(
        _ number: Int?, in workspace: Workspace, tasks: Set<TaskID>? = nil, selection: String? = nil, follows: Bool = false
    ) throws {
        let active = WorkspaceLock.holder(of: workspace)?.run
        func mayShow(_ run: RecordedRun) -> Bool {
            guard let tasks else { return true }
            return run.hasBegun(tasks) || follows && run.folder.number == active && run.mayBegin(tasks)
        }
        if let number {
            guard workspace.runs.contains(where: { $0.number == number }) else {
                throw Self.none(Text(en: "There is no run \(number).", zh: "没有运行 \(number)。"))
            }
            self.init(workspace.run(number))
            guard mayShow(self) else {
                let asked = selection ?? ""
                throw Self.none(Text(en: "Run \(number) did nothing of \(asked).", zh: "运行 \(number) 没有执行过 \(asked)。"))
            }
            return
        }
        if let active {
            self.init(workspace.run(active))
            if tasks == nil || follows && mayShow(self) { return }
        }
        let latest = workspace.runs.lazy.reversed().map(RecordedRun.init).first { run in tasks.map(run.hasBegun) ?? run.hasBegun }
        guard let latest else {
            throw Self.none(
                selection.map { Text(en: "Nothing of \($0) has been run here yet.", zh: "这里还没有运行过 \($0)。") }
                    ?? Text(en: "Nothing has been run here yet.", zh: "这里还没有运行过任何步骤。"))
        }
        self = latest
    }

    /// The active run, or nil.
    package static func active(in workspace: Workspace) -> RecordedRun? {
        WorkspaceLock.holder(of: workspace)?.run.map { RecordedRun(workspace.run($0)) }
    }

    private init(_ folder: RunFolder) { self.folder = folder }

    /// What it recorded so far; with `tasks`, only what belongs to these.
    package func events(of tasks: Set<TaskID>? = nil) -> [Event] {
        let events = JournalReader.events(of: folder)
        guard let tasks else { return events }
        return events.filter { event in event.task.map(tasks.contains) ?? false }
    }

    /// The latest request for a terminal that no end has answered: the shell in which the run waits.
    package var waitingShell: Event? {
        var waiting: Event?
        for event in events() {
            switch event.payload {
            case .shellReady: waiting = event
            case .shellEnded, .taskFinished: if event.task == waiting?.task { waiting = nil }
            case .runStarted, .runFinished, .engineConnected, .deviceChosen, .taskStarted, .taskReset, .taskSkipped, .taskUnskipped,
                .looked, .fileEdited, .questionAnswered, .hintOpened, .settingsChanged, .check, .captured, .fact, .notice, .finding,
                .progress, .output, .metric, .sourceChosen, .sourceFailed, .created, .prediction, .reattached, .unknown:
                break
            }
        }
        return waiting
    }

    /// Whether there is something to show: it began, and it isn't an earlier version's record of a skip or a reset.
    private var hasBegun: Bool {
        JournalReader.events(of: folder, types: ["runStarted"]).contains { event in
            if case .runStarted(let start) = event.payload { !start.isMark } else { false }
        }
    }

    private func hasBegun(_ tasks: Set<TaskID>) -> Bool {
        events(of: tasks).contains { event in
            if case .taskStarted = event.payload { true } else { false }
        }
    }

    /// Whether it plans one of these tasks, or has planned nothing yet.
    private func mayBegin(_ tasks: Set<TaskID>) -> Bool {
        let planned = events().firstNonNil { event in
            if case .runStarted(let start) = event.payload { start.tasks.map(\.id) } else { nil }
        }
        return planned.map { !tasks.isDisjoint(with: $0) } ?? true
    }

    private static func none(_ text: Text) -> LabError {
        LabError(.usageRun, text, hint: Text(en: "`ailab list` shows the steps.", zh: "`ailab list` 会列出所有步骤。"))
    }
}
