import CSystem
import Glibc
import LabSupport

/// Watches all folders that somebody in this process waits for, on one thread.
///
/// A flood changes a journal dozens of times a second. With Dispatch, each change costs three switches of threads. Here it costs one, and
/// another one if the waiter is woken.
final class FolderWatcher: Sendable {
    static let shared = FolderWatcher()

    private struct State {
        /// The folders to watch from now on, for the thread to take.
        var folders: [Int: WatchedFolder] = [:]
        var last = 0
        var isRunning = false
    }

    private let state = Locked(State())
    /// A pipe. A byte in it ends a wait, because there is another folder to watch.
    private let bell: (out: Int32, into: Int32)
    private static let tick: Duration = .seconds(1)

    private init() {
        var ends: [Int32] = [-1, -1]
        _ = cs_pipe(&ends)
        bell = (ends[0], ends[1])
        // A full pipe rings already.
        _ = fcntl(bell.into, F_SETFL, O_NONBLOCK)
    }

    func add(_ folder: WatchedFolder) -> Int {
        state.withLock { state in
            state.last += 1
            state.folders[state.last] = folder
            if !state.isRunning {
                let thread = PosixThread.start { self.run() }
                state.isRunning = thread != nil
                thread?.detach()
            }
            if bell.into >= 0 { write(bell.into, [UInt8(0)], 1) }
            return state.last
        }
    }

    /// The thread notices it at its next wake-up, and ends if it has nothing to watch.
    func remove(_ number: Int) { state.withLock { $0.folders[number] = nil } }

    private func run() {
        var tick = ContinuousClock.now + Self.tick
        while let (folders, due) = watched() {
            let isTick = wait(folders, until: min(tick, due ?? tick), orTick: tick)
            if isTick { tick = .now + Self.tick }
        }
    }

    /// The folders, and when the first change of one has waited long enough. Nil if there is nothing to watch any more.
    private func watched() -> (folders: [(number: Int, descriptor: Int32)], due: ContinuousClock.Instant?)? {
        state.withLock { state in
            state.isRunning = !state.folders.isEmpty
            guard state.isRunning else { return nil }
            return (state.folders.map { ($0, $1.isListening ? $1.descriptor : -1) }, state.folders.values.compactMap(\.due).min())
        }
    }

    /// Waits once and tells what happened. Returns true if all waiters were woken because it was time.
    private func wait(
        _ folders: [(number: Int, descriptor: Int32)], until end: ContinuousClock.Instant, orTick tick: ContinuousClock.Instant
    ) -> Bool {
        var descriptors = ([bell.out] + folders.map(\.descriptor)).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let milliseconds = ContinuousClock.now.duration(to: end) / .milliseconds(1)
        poll(&descriptors, nfds_t(descriptors.count), Int32(max(0, milliseconds.rounded(.up))))
        let now = ContinuousClock.now
        if descriptors[0].revents != 0 {
            var bytes = [UInt8](repeating: 0, count: 64)
            read(bell.out, &bytes, bytes.count)
        }
        state.withLock { state in
            for (place, folder) in zip(descriptors.dropFirst(), folders) {
                // A folder that was removed meanwhile has closed its descriptor.
                guard let folder = state.folders[folder.number] else { continue }
                if place.revents != 0 { folder.change(now) }
                if now >= tick { folder.tick(now) } else { folder.passTime(now) }
            }
        }
        return now >= tick
    }
}
