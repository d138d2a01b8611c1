/// Limits how long an operation may take. An operation that ignores its cancellation keeps running, but nobody waits for it.
package enum Deadline {
    /// Returns nil if the time is up first.
    package static func run<Value: Sendable>(_ time: Duration, _ body: @escaping @Sendable () async throws -> Value) async throws -> Value?
    {
        let race = Locked<CheckedContinuation<Value?, any Error>?>(nil)
        let finish = { @Sendable (result: Result<Value?, any Error>) in
            race.withLock { waiting -> CheckedContinuation<Value?, any Error>? in
                defer { waiting = nil }
                return waiting
            }?.resume(with: result)
        }
        let timer = Locked<Task<Void, Never>?>(nil)
        defer { timer.withLock { $0?.cancel() } }
        return try await withCheckedThrowingContinuation { continuation in
            race.withLock { $0 = continuation }
            let work = Task.detached {
                do { finish(.success(try await body())) } catch { finish(.failure(error)) }
            }
            timer.withLock {
                $0 = Task.detached {
                    guard (try? await Task.sleep(for: time)) != nil else { return }
                    work.cancel()
                    finish(.success(nil))
                }
            }
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
