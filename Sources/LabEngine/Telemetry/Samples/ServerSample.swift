/// A TorchServe, as its metrics and its management API tell.
package struct ServerSample: Sendable, Equatable, Codable {
    package var name: String
    package var container: String
    package var models: [ModelSample] = []
    /// Why it tells nothing, or only a part.
    package var absence: Absence?

    package init(name: String, container: String) {
        self.name = name
        self.container = container
    }
}

/// A model and how it is served. Rates and times are over the time since the look before; nil without requests.
package struct ModelSample: Sendable, Equatable, Codable {
    package var name: String
    package var version: String?
    package var readyWorkers: Int?
    package var workers: Int?
    /// Bytes of all its workers.
    package var workerMemory: Double?
    /// Requests that wait for a worker.
    package var pending: Int?
    package var requests: Double?
    /// A second.
    package var rate: Double?
    /// Milliseconds that a request waited for a worker, on average.
    package var queueTime: Double?
    /// Milliseconds that a worker had a request, on average.
    package var workTime: Double?

    package init(name: String) { self.name = name }
}
