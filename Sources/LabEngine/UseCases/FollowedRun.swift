package import Diagnosis
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

    /// A run that this process started: the end of its runner is known for certain.
    package init(_ run: LaunchedRun) {
        self.init(run.workspace, run.folder, launched: run.pid)
    }

    /// A run that any process started.
    package init(_ workspace: Workspace, _ folder: RunFolder) {
        self.init(workspace, folder, launched: nil)
    }

    private init(_ workspace: Workspace, _ folder: RunFolder, launched: Int32?) {
        self.workspace = workspace
        self.folder = folder
        self.launched = launched
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(folder: folder, launched: launched, follower: RunFollower(workspace, folder, launched: launched).makeAsyncIterator())
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let folder: RunFolder
        fileprivate let launched: Int32?
        fileprivate var follower: RunFollower.Iterator
        private var exitCode: Int32?
        private var findings: [Finding] = []
        private var isOver = false

        fileprivate init(folder: RunFolder, launched: Int32?, follower: RunFollower.Iterator) {
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
            // A runner that could not even begin its journal has said why on its standard error, as any command would have.
            if let launched, let code = RunnerProcess.exitCode(of: launched), (1...3).contains(code),
                let words = try? Files.text(folder.runnerLog), !words.isEmpty
            {
                return RunEnding(exitCode: code, findings: findings, lastWords: words)
            }
            throw lost
        }

        private var lost: LabError {
            LabError(
                .runLost,
                Text(en: "The runner of run \(folder.number) disappeared.", zh: "运行 \(folder.number) 的执行进程意外消失。"),
                hint: Text(
                    en:
                        "Nothing is lost: run the same step again. It takes over containers that still run. \(folder.runnerLog) may say why the runner ended.",
                    zh: "没有丢失任何结果：再次运行同一步骤即可，仍在运行的容器会被接管。原因可能记录在 \(folder.runnerLog)。"),
                cause: (try? Files.text(folder.runnerLog)).map { String($0.suffix(2000)) })
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
