import LabSupport
package import Telemetry

/// How long requests spent in TorchServe, from its own counters before and after a load test.
package struct ServerShare: Sendable, Equatable {
    /// The number of requests that the server counted.
    package var requests: Int
    /// The mean microseconds from a request's arrival in the queue to its response.
    package var total: Double
    /// The mean microseconds in the queue, until a worker took the request.
    package var queue: Double

    /// The mean microseconds at the worker: receiving the request, the model, returning the result.
    package var worker: Double { max(0, total - queue) }

    package init(requests: Int, total: Double, queue: Double) {
        self.requests = requests
        self.total = total
        self.queue = queue
    }

    /// The difference of two readings. Nil if the server counted no requests in between.
    package init?(from earlier: ServerCounters, to later: ServerCounters) {
        let count = later.requests - earlier.requests
        guard count > 0 else { return nil }
        self.init(requests: Int(shown: count), total: (later.total - earlier.total) / count, queue: (later.queue - earlier.queue) / count)
    }
}
