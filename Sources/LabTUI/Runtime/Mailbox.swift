import LabSupport

/// A queue with many senders and one receiver. The receiver gets everything that has arrived, so a burst of events costs one frame.
package final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var queue: [Element] = []
        var waiter: CheckedContinuation<[Element], Never>?
    }

    private let state = Locked(State())

    package init() {}

    package func send(_ element: Element) {
        let delivery = state.withLock { state -> (CheckedContinuation<[Element], Never>, [Element])? in
            state.queue.append(element)
            guard let waiter = state.waiter else { return nil }
            state.waiter = nil
            defer { state.queue = [] }
            return (waiter, state.queue)
        }
        if let delivery { delivery.0.resume(returning: delivery.1) }
    }

    /// Waits until something has arrived since the last call, and returns all of it.
    package func nextBatch() async -> [Element] {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> [Element]? in
                if state.queue.isEmpty {
                    state.waiter = continuation
                    return nil
                }
                defer { state.queue = [] }
                return state.queue
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }
}
