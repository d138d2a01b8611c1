/// What a TorchServe has counted for one model since its start, or for all of them.
package struct ServerCounters: Sendable, Equatable {
    /// Seconds on the clock of the telemetry, when it was looked at.
    package var time: Double
    package var requests: Double = 0
    /// Microseconds from a request's arrival to its answer, the queue included, all requests together.
    package var total: Double = 0
    /// Microseconds in the queue.
    package var queue: Double = 0

    package init(time: Double = 0) { self.time = time }

    /// Of one model, or of all, on a page of metrics; nil where the page has none of them, as it does until the first request was answered,
    /// and always where the server's `metrics_mode` is `log`.
    package init?(_ page: PrometheusText, model: String?) {
        let all = Self.all(page, at: 0)
        let wanted = model.map { name in all[name].map { [$0] } ?? [] } ?? Array(all.values)
        guard !wanted.isEmpty else { return nil }
        self.init()
        for counters in wanted {
            requests += counters.requests
            total += counters.total
            queue += counters.queue
        }
    }

    /// By model, its versions together.
    package static func all(_ page: PrometheusText, at time: Double) -> [String: ServerCounters] {
        var all: [String: ServerCounters] = [:]
        for sample in page.samples where sample.value.isFinite {
            guard let model = sample.labels["model_name"] else { continue }
            var counters = all[model] ?? ServerCounters(time: time)
            switch sample.name {
            case "ts_inference_requests_total": counters.requests += sample.value
            case "ts_inference_latency_microseconds": counters.total += sample.value
            case "ts_queue_latency_microseconds": counters.queue += sample.value
            default: continue
            }
            all[model] = counters
        }
        return all
    }
}
