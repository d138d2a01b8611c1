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

/// TorchServe's counters of one model, or of all, at one moment.
package struct ServerCounters: Sendable, Equatable {
    package var requests = 0.0
    /// Microseconds.
    package var total = 0.0
    package var queue = 0.0

    package init() {}

    /// Out of the text of `GET /metrics`; nil where it holds none of them, as it does until the first request was answered, and always
    /// where the server's `metrics_mode` is `log`.
    package init?(metrics text: String, model: String? = nil) {
        var hasAny = false
        for line in text.split(separator: "\n") where line.hasPrefix("ts_") {
            guard let brace = line.firstIndex(of: "{"), let end = line.lastIndex(of: "}") else { continue }
            if let model, !line[brace...end].contains("model_name=\"\(model)\"") { continue }
            guard let value = Double(line[line.index(after: end)...].split(separator: " ").first ?? "") else { continue }
            switch line[..<brace] {
            case "ts_inference_requests_total": requests += value
            case "ts_inference_latency_microseconds": total += value
            case "ts_queue_latency_microseconds": queue += value
            default: continue
            }
            hasAny = true
        }
        guard hasAny else { return nil }
    }
}
