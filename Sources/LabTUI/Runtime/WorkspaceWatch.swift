import ContainerEngine
import HTTPTransport
import LabRunner
import LabSupport

/// Follows the journals of a workspace: those of the past at once, then whatever run is at work, then the next.
struct WorkspaceWatch: Sendable {
    private let workspace: Workspace
    private let lab: String

    init(_ workspace: Workspace, lab: String) {
        self.workspace = workspace
        self.lab = lab
    }

    func run(_ send: Services.Send) async {
        let wakeups = FolderWakeups("\(workspace.root)/runs")
        var seen = past(send)
        send(.historyRead)
        while !Task.isCancelled {
            for folder in workspace.runs where folder.number > seen {
                await follow(folder, send)
                seen = folder.number
            }
            await wakeups.next()
        }
    }

    /// Everything that is over. Returns the number of the last such run.
    private func past(_ send: Services.Send) -> Int {
        let living = WorkspaceLock.holder(of: workspace)?.run
        var seen = 0
        for folder in workspace.runs {
            if folder.number == living { break }
            let events = JournalReader.events(of: folder)
            // A run that was only just asked for has nothing in its journal yet: it is followed.
            if events.isEmpty, folder.number == workspace.runs.last?.number { break }
            if isOurs(events) { send(.journal(run: folder.number, events)) }
            send(.runClosed(folder.number))
            seen = folder.number
        }
        return seen
    }

    private func follow(_ folder: RunFolder, _ send: Services.Send) async {
        var ours: Bool?
        for await events in RunFollower(workspace, folder) {
            ours = ours ?? isOurs(events)
            if ours == true { send(.journal(run: folder.number, events)) }
        }
        if !Task.isCancelled { send(.runClosed(folder.number)) }
    }

    private func isOurs(_ events: [Event]) -> Bool {
        guard case .runStarted(let start)? = events.first?.payload else { return false }
        return start.lab == lab
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
