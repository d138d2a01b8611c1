import Glibc

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
        let child = try start(command, onLine)
        defer { dependents.withLock { $0.running[ObjectIdentifier(child)] = nil } }
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

    private static let dependents = Locked<(running: [ObjectIdentifier: RunningChild], areOver: Bool)>(([:], false))

    /// Kills the children that depend on this program, with everything that they started, and starts no more of them. Only for a program that
    /// leaves: nobody else would end a child that hangs.
    package static func killDependents() {
        dependents.withLock { dependents in
            dependents.areOver = true
            for child in dependents.running.values { child.kill(SIGKILL) }
        }
    }

    private static func start(_ command: ChildCommand, _ onLine: @escaping @Sendable (ChildLine) -> Void) throws -> RunningChild {
        guard command.dependsOnProgram else { return try RunningChild(command, onLine: onLine) }
        return try dependents.withLock { dependents in
            guard !dependents.areOver else { throw CancellationError() }
            let child = try RunningChild(command, onLine: onLine)
            dependents.running[ObjectIdentifier(child)] = child
            return child
        }
    }
}
