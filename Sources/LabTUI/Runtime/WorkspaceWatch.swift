import ContainerEngine
import HTTPTransport
import LabRunner
import LabSupport

/// Follows the journals of a workspace: those of the past at once, then whatever run is at work, then the next; and what happens to the lab
/// outside of runs, whoever writes it.
struct WorkspaceWatch: Sendable {
    private let workspace: Workspace
    private let journals: LabJournals
    /// Reads the workspace's own journal. Read before a run's events are passed on, so that what happened before them comes before them.
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

    /// Everything until now. Returns the last run that is over, and how much of the one behind it was told.
    private func past(_ send: Services.Send) -> (run: Int, sequence: Int) {
        let living = WorkspaceLock.holder(of: workspace)?.run
        let folders = workspace.runs
        var runs: [LabJournals.Portion] = []
        var seen = (run: 0, sequence: 0)
        for folder in folders {
            let events = JournalReader.events(of: folder)
            // A run that was only just asked for has nothing in its journal yet: it is followed.
            if events.isEmpty, folder.number == folders.last?.number { break }
            if journals.isOurs(events) { runs.append(LabJournals.Portion(run: folder.number, events: events)) }
            guard folder.number != living else {
                seen.sequence = events.last?.sequence ?? 0
                break
            }
            seen.run = folder.number
        }
        for portion in LabJournals.merged(runs, notes.withLock { $0.readNew() }) {
            send(portion.run.map { .journal(run: $0, portion.events) } ?? .workspaceJournal(portion.events))
        }
        if let last = runs.last?.run, last != living { send(.runClosed(last)) }
        return seen
    }

    private func follow(_ folder: RunFolder, after told: Int, _ send: Services.Send) async {
        var ours: Bool?
        for await events in RunFollower(workspace, folder) {
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

/// Reads pieces of a run's raw output.
struct OutputReader: Sendable {
    private let workspace: Workspace

    init(_ workspace: Workspace) { self.workspace = workspace }

    func read(_ request: OutputRequest) -> OutputAnswer {
        let folder = workspace.run(request.run)
        let bytes = request.pieces.map { Output(stream: $0.stream, offset: $0.offset, length: $0.length).bytes(in: folder) }
        return OutputAnswer(request: request, bytes: bytes)
    }
}

/// Finds the engine, notices when it goes away, and finds it again. While it answers nothing is asked: its event stream is held open,
/// and its end is the news.
struct EngineWatch: Sendable {
    /// Read at each attempt: a cure may change which engine is meant.
    private let surroundings: Locked<[String: String]>
    private static var pause: Duration { .seconds(3) }

    init(_ surroundings: Locked<[String: String]>) { self.surroundings = surroundings }

    func run(_ send: Services.Send) async {
        while !Task.isCancelled {
            let environment = surroundings.withLock { $0 }
            do {
                let found = try await EngineFinder.find(http: CurlHTTPClient.shared, environment: environment)
                send(.engine(.reachable(found.event)))
                // A kind that never happens: only the stream's end is of interest.
                for try await _ in try await found.docker.events(kinds: ["ailab"]) {}
            } catch is CancellationError {
                return
            } catch {
                if !Task.isCancelled { send(.engine(.unreachable(LabError(describing: error)))) }
            }
            try? await Task.sleep(for: Self.pause, tolerance: .milliseconds(500))
        }
    }
}
