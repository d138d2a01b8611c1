import LabRunner
import LabSupport

/// Follows the journals of a workspace: first the earlier runs, then the active run, then the next one. It also reports what happens to the
/// lab outside of runs, even if another process did it.
struct WorkspaceWatch: Sendable {
    private let workspace: Workspace
    private let journals: LabJournals
    /// Reads the workspace's own journal. It's read before a run's events are sent, so that what happened before them is reported before
    /// them.
    private let notes: Locked<JournalReader>

    init(_ workspace: Workspace, lab: String) {
        self.workspace = workspace
        journals = LabJournals(workspace, lab: lab)
        notes = Locked(WorkspaceJournal(workspace, lab: lab).reader)
    }

    func run(_ send: @escaping Services.Send) async {
        let wakeups = FolderWakeups("\(workspace.root)/runs")
        let past = past(send)
        send(.historyRead)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await followNotes(send) }
            var seen = past
            while !Task.isCancelled {
                for folder in workspace.runs where folder.number > seen.run {
                    await follow(folder, after: seen.sequence, send)
                    seen = (folder.number, 0)
                }
                await wakeups.next()
            }
            group.cancelAll()
        }
    }

    /// Sends everything until now. Returns the last run that is over, and how many events of the run after it were sent.
    private func past(_ send: Services.Send) -> (run: Int, sequence: Int) {
        let living = WorkspaceLock.holder(of: workspace)?.run
        let folders = workspace.runs
        var runs: [LabJournals.Portion] = []
        var seen = (run: 0, sequence: 0)
        for folder in folders {
            let events = JournalReader.events(of: folder)
            // A run that was requested a moment ago has no events yet. It's followed later.
            if events.isEmpty, folder.number == folders.last?.number { break }
            if journals.isOurs(events) { runs.append(LabJournals.Portion(run: folder.number, events: events)) }
            guard folder.number != living, isOver(folder, events) else {
                seen.sequence = events.last?.sequence ?? 0
                break
            }
            seen.run = folder.number
        }
        for portion in LabJournals.merged(runs, notes.withLock { $0.readNew() }) {
            send(portion.run.map { .journal(run: $0, portion.events) } ?? .workspaceJournal(portion.events))
        }
        if let last = runs.last?.run, last <= seen.run { send(.runClosed(last)) }
        return seen
    }

    /// Whether nothing more can come of a run with these events. It may have started after the first look at the lock.
    private func isOver(_ folder: RunFolder, _ events: [Event]) -> Bool {
        if case .runFinished? = events.last?.payload { return true }
        return WorkspaceLock.holder(of: workspace)?.run != folder.number && JournalReader.events(of: folder).count == events.count
    }

    private func follow(_ folder: RunFolder, after told: Int, _ send: Services.Send) async {
        var ours: Bool?
        for await events in RunFollower(workspace, folder) {
            // It ended before it knew its lab: the lab file can't be read any more.
            if ours == nil, case .runFinished(let end)? = events.first?.payload, let error = end.error { send(.failed(error)) }
            ours = ours ?? journals.isOurs(events)
            let news = events.filter { $0.sequence > told }
            guard ours == true, !news.isEmpty else { continue }
            tellNotes(send)
            send(.journal(run: folder.number, news))
        }
        if !Task.isCancelled { send(.runClosed(folder.number)) }
    }

    private func followNotes(_ send: Services.Send) async {
        let wakeups = FolderWakeups(workspace.events)
        while !Task.isCancelled {
            tellNotes(send)
            await wakeups.next()
        }
    }

    private func tellNotes(_ send: Services.Send) {
        notes.withLock { reader in
            let events = reader.readNew()
            if !events.isEmpty { send(.workspaceJournal(events)) }
        }
    }
}
