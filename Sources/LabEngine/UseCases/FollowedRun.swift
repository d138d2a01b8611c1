package import Diagnosis
import Glibc
package import LabRunner
import LabSupport

/// A run as it goes on: its events in batches, and last how it ended. Throws `run.lost` if its runner disappeared without an end.
package struct FollowedRun: AsyncSequence, Sendable {
    /// What comes next.
    package enum News: Sendable {
        case events([Event])
        case ended(RunEnding)
    }

    package typealias Element = News

    private let workspace: Workspace
    private let folder: RunFolder
    private let launched: Int32?
    private let pace: FolderWakeups.Pace

    /// A run that this process started: the end of its runner is known for certain. `pace`: how often events come.
    package init(_ run: LaunchedRun, pace: FolderWakeups.Pace = .screen) {
        self.init(run.workspace, run.folder, launched: run.pid, pace: pace)
    }

    /// A run that any process started.
    package init(_ workspace: Workspace, _ folder: RunFolder, pace: FolderWakeups.Pace = .screen) {
        self.init(workspace, folder, launched: nil, pace: pace)
    }

    private init(_ workspace: Workspace, _ folder: RunFolder, launched: Int32?, pace: FolderWakeups.Pace) {
        self.workspace = workspace
        self.folder = folder
        self.launched = launched
        self.pace = pace
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(
            workspace: workspace, folder: folder, launched: launched,
            follower: RunFollower(workspace, folder, launched: launched, pace: pace).makeAsyncIterator())
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let workspace: Workspace
        fileprivate let folder: RunFolder
        fileprivate let launched: Int32?
        fileprivate var follower: RunFollower.Iterator
        private var exitCode: Int32?
        private var findings: [Finding] = []
        private var isOver = false

        fileprivate init(workspace: Workspace, folder: RunFolder, launched: Int32?, follower: RunFollower.Iterator) {
            self.workspace = workspace
            self.folder = folder
            self.launched = launched
            self.follower = follower
        }

        /// The next batch, then the end, then nil.
        package mutating func next() async throws -> News? {
            if isOver { return nil }
            guard let events = await follower.next() else {
                // A follower whose task was cancelled ends, too. The run goes on.
                try Task.checkCancellation()
                isOver = true
                return .ended(try ending())
            }
            for event in events {
                if case .runFinished(let end) = event.payload { exitCode = end.exitCode }
                if case .finding(let finding) = event.payload { findings.append(finding) }
            }
            return .events(events)
        }

        private func ending() throws -> RunEnding {
            if let exitCode { return RunEnding(exitCode: exitCode, findings: findings, lastWords: nil) }
            guard Files.isDirectory(folder.path) else { throw LabError.workspaceGone(folder.path, id: workspace.id) }
            // A runner that could not even begin its journal has said why on its standard error, as any command would have.
            let words = try lastWords()
            if let launched, let code = RunnerProcess.exitCode(of: launched), (ExitStatus.failed...ExitStatus.blocked).contains(code),
                !words.isEmpty
            {
                return RunEnding(exitCode: code, findings: findings, lastWords: words)
            }
            throw lost(words)
        }

        /// What the runner wrote to its standard error. Throws if this process can't read it, which is then what has to be told.
        private func lastWords() throws(LabError) -> String {
            do {
                return String(decoding: try PathBelow("runner.log", in: folder.path).read(), as: UTF8.self)
            } catch {
                guard error.code != .limitOpenFiles else { throw error }
                return ""
            }
        }

        private func lost(_ words: String) -> LabError {
            let code = launched.flatMap { RunnerProcess.exitCode(of: $0) }
            let signal = code.map { $0 - 128 }.flatMap { $0 > 0 ? String(cString: strsignal($0)) : nil }
            let why = signal.map { Text(en: " (\($0))", zh: "（\($0)）") } ?? Text(verbatim: "")
            return LabError(
                .runLost,
                Text(
                    en: "The runner of run \(folder.number) disappeared\(why.en).", zh: "运行 \(folder.number) 的执行进程意外消失\(why.zh)。"),
                hint: Text(
                    en: "Nothing is lost: run the same step again. It takes over containers that still run."
                        + (words.isEmpty ? "" : " If it happens again, report \(folder.runnerLog)."),
                    zh: "没有丢失任何结果：再次运行同一步骤即可，仍在运行的容器会被接管。" + (words.isEmpty ? "" : "如果再次发生，请反馈 \(folder.runnerLog) 的内容。")),
                cause: words.isEmpty ? nil : String(words.prefix(2000)), exitCode: code.map { Int($0) })
        }
    }
}

/// How a run ended, and the causes that were found for its failures.
package struct RunEnding: Sendable {
    package var exitCode: Int32
    package var findings: [Finding]
    /// What a runner printed that failed before it had a journal.
    package var lastWords: String?
}
