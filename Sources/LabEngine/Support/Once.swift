/// A value that is made by whoever asks first and waited for by the others.
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

    /// Ends the making for everybody who waits; what was made stays.
    package func giveUp() { task.withLock { $0 }?.cancel() }
}
