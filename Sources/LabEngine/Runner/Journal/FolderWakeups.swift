import Dispatch
import Glibc

/// Wakes one waiter whenever a file in a folder changes, and at least once a second. Editors save by renaming, too.
package final class FolderWakeups: @unchecked Sendable {
    // Only `next` uses the iterator, and it has one caller. The sources are only created, activated and cancelled.
    private var iterator: AsyncStream<Void>.Iterator
    private let timer: any DispatchSourceTimer
    private var watch: (any DispatchSourceRead)?

    package init(_ path: String) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        iterator = stream.makeAsyncIterator()
        let queue = DispatchQueue(label: "ailab.journal")
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + 1, repeating: 1)
        timer.setEventHandler { continuation.yield() }
        timer.activate()
        let descriptor = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
        guard descriptor >= 0 else { return }
        inotify_add_watch(descriptor, path, UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE))
        let watch = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        watch.setEventHandler {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while read(descriptor, &buffer, buffer.count) > 0 {}
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
