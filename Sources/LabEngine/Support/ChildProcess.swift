/// Runs a program to its end without blocking a thread of the pool.
///
/// The child leads its own session. Cancelling can therefore kill everything that it started. A terminal's Ctrl-C reaches only ailab,
/// which then decides what to do.
package enum ChildProcess {
    /// Starts the program, passes on each line (on the thread that follows the child), and waits for the end.
    ///
    /// If the task is cancelled, the whole group gets SIGTERM and, two seconds later, SIGKILL. Then `CancellationError` is thrown.
    package static func run(
        _ command: ChildCommand, onLine: @escaping @Sendable (ChildLine) -> Void = { _ in }
    ) async throws -> ChildResult {
        try Task.checkCancellation()
        let child = try RunningChild(command, onLine: onLine)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                child.follow { continuation.resume(returning: $0) }
            }
        } onCancel: {
            child.cancel()
        }
        try Task.checkCancellation()
        return result
    }
}
