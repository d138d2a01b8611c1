import LabSupport

/// A value that arrives once, from any thread, for one waiting task.
///
/// Only the first settlement counts, because a response and a cancellation may race.
final class OneShot<Value: Sendable>: Sendable {
    private struct State {
        var outcome: Result<Value, any Error>?
        var waiter: CheckedContinuation<Value, any Error>?
    }

    private let state = Locked(State())

    var isSettled: Bool { state.withLock { $0.outcome != nil } }

    func settle(_ outcome: Result<Value, any Error>) {
        let waiter = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            guard state.outcome == nil else { return nil }
            state.outcome = outcome
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(with: outcome)
    }

    /// Waits for the settlement. If the task is cancelled, it settles with `CancellationError` and runs `abandon`.
    func value(abandon: @Sendable () -> Void) async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let outcome = state.withLock { state -> Result<Value, any Error>? in
                    if state.outcome == nil { state.waiter = waiter }
                    return state.outcome
                }
                if let outcome { waiter.resume(with: outcome) }
            }
        } onCancel: {
            settle(.failure(CancellationError()))
            abandon()
        }
    }
}
