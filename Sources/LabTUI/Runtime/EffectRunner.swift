/// Runs work beside the loop, with one task for each id. A later task cancels an earlier one with the same id.
package struct EffectRunner<Event: Sendable> {
    package typealias Send = @Sendable (Event) -> Void

    private var tasks: [String: Task<Void, Never>] = [:]
    private let send: Send

    package init(send: @escaping Send) { self.send = send }

    /// Starts work. What it sends becomes events.
    package mutating func start(_ id: String, _ body: @escaping @Sendable (@escaping Send) async -> Void) {
        let earlier = tasks[id]
        earlier?.cancel()
        let send = send
        tasks[id] = Task.detached {
            await body(send)
            // It may still put back what it had begun, and whoever waits for this task waits for that, too.
            await earlier?.value
        }
    }

    package func cancel(_ id: String) { tasks[id]?.cancel() }

    /// Cancels everything and waits for the end.
    package mutating func cancelAll() async {
        for task in tasks.values { task.cancel() }
        for task in tasks.values { await task.value }
        tasks = [:]
    }
}
