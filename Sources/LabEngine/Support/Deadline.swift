/// Limits how long an operation may take. An operation that ignores its cancellation keeps running, but nobody waits for it.
package enum Deadline {
    private struct Race<Value: Sendable>: Sendable {
        var waiting: CheckedContinuation<Value?, any Error>?
        var work: Task<Void, Never>?
        var timer: Task<Void, Never>?
        var isOver = false
    }

    /// Returns nil if the time is up first. Throws at once if the task is cancelled.
    package static func run<Value: Sendable>(_ time: Duration, _ body: @escaping @Sendable () async throws -> Value) async throws -> Value?
    {
        let race = Locked(Race<Value>())
        let finish = { @Sendable (result: Result<Value?, any Error>) in
            let ended = race.withLock { race in
                defer { race = Race(isOver: true) }
                return race
            }
            // Whoever lost the race is told. Cancelling what is over does nothing.
            ended.work?.cancel()
            ended.timer?.cancel()
            ended.waiting?.resume(with: result)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = race.withLock { race in
                    guard !race.isOver else { return true }
                    race.waiting = continuation
                    race.work = Task.detached {
                        do { finish(.success(try await body())) } catch { finish(.failure(error)) }
                    }
                    race.timer = Task.detached {
                        guard (try? await Task.sleep(for: time)) != nil else { return }
                        finish(.success(nil))
                    }
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            finish(.failure(CancellationError()))
        }
    }
}

extension Deadline {
    /// Runs work that can't be cancelled, such as matching a pattern, on a thread of its own. Returns nil if the time is up. If the time is up
    /// or the task is cancelled, nobody waits for the thread any longer.
    package static func thread<Value: Sendable>(_ time: Duration, _ work: @escaping @Sendable () -> Value) async throws -> Value? {
        let (answers, post) = AsyncStream.makeStream(of: Value?.self)
        guard let thread = PosixThread.start({ post.yield(work()) }) else { return work() }
        thread.detach()
        let timer = Task.detached {
            guard (try? await Task.sleep(for: time)) != nil else { return }
            post.yield(nil)
        }
        defer { timer.cancel() }
        for await answer in answers { return answer }
        throw CancellationError()
    }

    /// Returns nil if the time is up or the body throws. Use it for optional extras only.
    package static func value<Value: Sendable>(_ time: Duration, _ body: @escaping @Sendable () async throws -> Value) async -> Value? {
        (try? await run(time, body)) ?? nil
    }
}
