/// The counters of a TorchServe since its start, for one model or for all of them.
package struct ServerCounters: Sendable, Equatable {
    /// When the counters were read, in seconds on the telemetry's clock.
    package var time: Double
    package var requests: Double = 0
    /// The sum over all requests of the microseconds from arrival to response, including the queue.
    package var total: Double = 0
    /// The sum over all requests of the microseconds in the queue.
    package var queue: Double = 0

    package init(time: Double = 0) { self.time = time }

    /// Reads the counters of one model, or of all, from a page of metrics. Nil if the page doesn't have them. That's so until the first
    /// response, and always if the server's `metrics_mode` is `log`.
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

    /// The counters by model. All versions of a model count together.
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
