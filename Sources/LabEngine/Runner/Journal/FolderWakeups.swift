import Dispatch
import Glibc

/// Wakes one waiter whenever a file in a folder changes, and at least about once a second. Editors save by renaming, too.
package final class FolderWakeups: @unchecked Sendable {
    // Only `next` uses the iterator, and it has one caller. The sources are only created, activated and cancelled.
    private var iterator: AsyncStream<Void>.Iterator
    private let timer: any DispatchSourceTimer
    private var watch: (any DispatchSourceRead)?

    /// `file`: only changes of this file of the folder count, and files that appear beside it. It need not exist yet.
    package init(_ path: String, file: String? = nil) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        iterator = stream.makeAsyncIterator()
        let queue = DispatchQueue(label: "ailab.journal")
        timer = DispatchSource.makeTimerSource(queue: queue)
        // The leeway lets the kernel join the wake-ups of several waiters.
        timer.schedule(deadline: .now() + 1, repeating: 1, leeway: .milliseconds(250))
        timer.setEventHandler { continuation.yield() }
        timer.activate()
        let descriptor = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
        guard descriptor >= 0 else { return }
        // A folder's watch would report every write to every file in it.
        let folderEvents = file == nil ? IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE : IN_CREATE
        inotify_add_watch(descriptor, path, UInt32(folderEvents))
        nonisolated(unsafe) var isWatched = file.map { inotify_add_watch(descriptor, $0, UInt32(IN_MODIFY)) >= 0 } ?? true
        let watch = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        watch.setEventHandler {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while read(descriptor, &buffer, buffer.count) > 0 {}
            // The file may have appeared just now. Watching the same file again changes nothing.
            if let file, !isWatched { isWatched = inotify_add_watch(descriptor, file, UInt32(IN_MODIFY)) >= 0 }
            continuation.yield()
        }
        watch.setCancelHandler { close(descriptor) }
        watch.activate()
        self.watch = watch
    }

    deinit {
        timer.cancel()
        watch?.cancel()
    }

    /// Returns at the next change, or after a second.
    package func next() async { _ = await iterator.next(isolation: nil) }
}
