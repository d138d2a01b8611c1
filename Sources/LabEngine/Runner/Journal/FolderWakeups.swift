/// Wakes one waiter whenever a file in a folder changes, and at least about once a second. Editors save by renaming, too.
package final class FolderWakeups: @unchecked Sendable {
    /// How often the waiter is woken.
    package enum Pace: Sendable {
        /// At each change.
        case each
        /// A change that comes sooner after the last wake-up waits for the next one, at most as long again. So a screen gets every batch of a
        /// flood's output as it comes, and few small changes.
        case gathered(Duration)
        /// At most so often.
        case spaced(Duration)

        /// For a screen.
        package static let screen = Pace.gathered(.milliseconds(25))
        /// For a program that reads a pipe.
        package static let pipe = Pace.spaced(.milliseconds(120))
    }

    // Only `next` uses the iterator, and it has one caller.
    private var iterator: AsyncStream<Void>.Iterator
    private let number: Int

    /// `file`: only changes of this file of the folder count, and files that appear beside it. It need not exist yet.
    package init(_ path: String, file: String? = nil, pace: Pace = .each) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        iterator = stream.makeAsyncIterator()
        number = FolderWatcher.shared.add(WatchedFolder(path, file: file, pace: pace) { continuation.yield() })
    }

    deinit { FolderWatcher.shared.remove(number) }

    /// Returns at the next change, or after a second.
    package func next() async { _ = await iterator.next(isolation: nil) }
}
