import Glibc

/// The events of a run, from the first one, while they are written. It ends when the run has ended or its runner is gone.
///
/// The kernel wakes it when the journal grows. Watcher and runner share only the file, so any number of watchers can come and go.
package struct RunFollower: AsyncSequence, Sendable {
    package typealias Element = [Event]

    private let workspace: Workspace
    private let folder: RunFolder
    private let launched: Int32?
    private let pace: FolderWakeups.Pace

    /// - Parameters:
    ///   - launched: the runner's process id if this process started it. Then its death is known for certain, even before it has taken the
    ///     workspace's lock.
    ///   - pace: how often events come.
    package init(_ workspace: Workspace, _ folder: RunFolder, launched: Int32? = nil, pace: FolderWakeups.Pace = .screen) {
        self.workspace = workspace
        self.folder = folder
        self.launched = launched
        self.pace = pace
    }

    package func makeAsyncIterator() -> Iterator { Iterator(self) }

    package struct Iterator: AsyncIteratorProtocol {
        private let workspace: Workspace
        private let folder: RunFolder
        private let launched: Int32?
        private var reader: JournalReader
        private let wakeups: FolderWakeups
        private var ended = false
        /// Everything until the last wake-up is read.
        private var isRead = false
        /// The time since which no runner has been seen.
        private var deadSince: ContinuousClock.Instant?
        /// The timeout for a runner to become visible after it was started. In this time it wakes the follower several times.
        private static var timeout: Duration { .seconds(3) }

        fileprivate init(_ follower: RunFollower) {
            workspace = follower.workspace
            folder = follower.folder
            launched = follower.launched
            reader = JournalReader(folder)
            wakeups = FolderWakeups(folder.path, file: folder.journal, pace: follower.pace)
        }

        /// The next batch. Nil if no more events will come.
        package mutating func next() async -> [Event]? {
            while !ended, !Task.isCancelled {
                if isRead { await wakeups.next() }
                isRead = true
                var events = reader.readNew()
                var alive = true
                if events.isEmpty {
                    alive = runnerLives
                    // Read again after the look at the runner, or the events that it wrote just before its end would be missed.
                    events = reader.readNew()
                }
                if events.contains(where: { if case .runFinished = $0.payload { true } else { false } }) { ended = true }
                if !events.isEmpty { return events }
                if alive {
                    deadSince = nil
                } else if launched != nil {
                    return nil
                } else if let since = deadSince {
                    // A process that didn't start the runner may look just before the runner takes the lock.
                    if .now - since >= Self.timeout { return nil }
                } else {
                    deadSince = .now
                }
            }
            return nil
        }

        private var runnerLives: Bool {
            if let launched { return RunnerProcess.exitCode(of: launched) == nil }
            return WorkspaceLock.holder(of: workspace)?.run == folder.number
        }
    }
}
