import LabFile
import LabSupport

extension TaskContext {
    /// Runs `body` with a time limit in seconds.
    func withLimit<Value: Sendable>(
        _ seconds: Int?, what: String, _ body: @Sendable @escaping () async throws -> Value, onGiveUp: @Sendable @escaping () async -> Void
    ) async throws -> Value {
        guard let seconds else { return try await body() }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            if let value = first { return value }
            await onGiveUp()
            throw LabError(
                .taskTimeout, Text(en: "\(what) didn't finish within \(seconds) seconds.", zh: "\(what) 未在 \(seconds) 秒内结束。"),
                hint: Text(
                    en: "Look at its output (`ailab logs \(task.id)`), then try again.", zh: "请查看它的输出（`ailab logs \(task.id)`）后重试。"))
        }
    }
}

/// If `body` is cancelled or fails, runs `cleanup` to its end. The cancellation doesn't affect `cleanup`.
func cleaningUpOnCancel<Value: Sendable>(
    _ body: () async throws -> Value, cleanup: @Sendable @escaping () async -> Void
) async throws -> Value {
    do {
        return try await body()
    } catch {
        if Task.isCancelled || error is CancellationError { await Task.detached { await cleanup() }.value }
        throw error
    }
}
