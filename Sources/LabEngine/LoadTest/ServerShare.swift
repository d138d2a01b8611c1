import LabSupport
package import Telemetry

/// How long requests were inside TorchServe, by its own counters before and after a load test.
package struct ServerShare: Sendable, Equatable {
    /// Requests that the server counted meanwhile.
    package var requests: Int
    /// Mean microseconds from a request's arrival in the queue to its answer.
    package var total: Double
    /// Mean microseconds in the queue, until a worker took it.
    package var queue: Double

    /// Mean microseconds at the worker: handing over, the model, handing back.
    package var worker: Double { max(0, total - queue) }

    package init(requests: Int, total: Double, queue: Double) {
        self.requests = requests
        self.total = total
        self.queue = queue
    }

    /// The difference of two looks; nil where the server counted nothing in between.
    package init?(from earlier: ServerCounters, to later: ServerCounters) {
        let count = later.requests - earlier.requests
        guard count > 0 else { return nil }
        self.init(requests: Int(shown: count), total: (later.total - earlier.total) / count, queue: (later.queue - earlier.queue) / count)
    }
}
