/// A value that the first caller starts to make and all callers wait for.
package final class Once<Value: Sendable>: Sendable {
    private let task = Locked<Task<Value, any Error>?>(nil)
    private let make: @Sendable () async throws -> Value

    package init(_ make: @escaping @Sendable () async throws -> Value) { self.make = make }

    package func value() async throws -> Value {
        let made = task.withLock { task in
            if let task { return task }
            let fresh = Task.detached { [make] in try await make() }
            task = fresh
            return fresh
        }
        return try await made.value
    }

    /// Cancels the making for all waiters. A finished value stays.
    package func giveUp() { task.withLock { $0 }?.cancel() }
}
