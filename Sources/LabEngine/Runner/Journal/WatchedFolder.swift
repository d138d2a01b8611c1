import Glibc

/// A folder that the watcher's thread looks at. It's used only under the watcher's lock.
final class WatchedFolder: @unchecked Sendable {
    /// An inotify descriptor, or -1 if the system has none left. Then only time wakes the waiter.
    let descriptor: Int32
    private let file: String?
    private var isFileWatched: Bool
    private let pace: FolderWakeups.Pace
    private let wake: @Sendable () -> Void
    private var woken: ContinuousClock.Instant?
    /// When a change that came too soon has waited long enough, or when changes are looked at again.
    private(set) var due: ContinuousClock.Instant?
    /// False while changes aren't looked at.
    private(set) var isListening = true

    init(_ path: String, file: String?, pace: FolderWakeups.Pace, wake: @escaping @Sendable () -> Void) {
        self.file = file
        self.pace = pace
        self.wake = wake
        descriptor = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
        // A folder's watch would report every write to every file in it.
        let folderEvents = file == nil ? IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE : IN_CREATE
        inotify_add_watch(descriptor, path, UInt32(folderEvents))
        isFileWatched = true
        watchFile()
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    private func watchFile() {
        guard let file else { return }
        isFileWatched = inotify_add_watch(descriptor, file, UInt32(IN_MODIFY)) >= 0
    }

    /// Something changed.
    func change(_ now: ContinuousClock.Instant) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        // What doesn't fit makes the descriptor readable again.
        _ = read(descriptor, &buffer, buffer.count)
        // The file may have appeared just now. Watching the same file again changes nothing.
        if !isFileWatched { watchFile() }
        switch pace {
        case .each, .spaced: tell(now)
        case .gathered(let pause):
            guard let woken, now - woken < pause else { return tell(now) }
            due = due ?? woken + pause * 2
        }
    }

    /// Does what is due.
    func passTime(_ now: ContinuousClock.Instant) {
        guard let due, due <= now else { return }
        if isListening {
            tell(now)
        } else {
            isListening = true
            self.due = nil
        }
    }

    /// Wakes the waiter, although nothing may have changed.
    func tick(_ now: ContinuousClock.Instant) {
        if due != nil, isListening { return tell(now) }
        wake()
    }

    private func tell(_ now: ContinuousClock.Instant) {
        woken = now
        if case .spaced(let pause) = pace {
            isListening = false
            due = now + pause
        } else {
            due = nil
        }
        wake()
    }
}
