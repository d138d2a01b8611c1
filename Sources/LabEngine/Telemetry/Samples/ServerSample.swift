/// A TorchServe, from its metrics and its management API.
package struct ServerSample: Sendable, Equatable, Codable {
    package var name: String
    package var container: String
    package var models: [ModelSample] = []
    /// Why values are missing.
    package var absence: Absence?

    package init(name: String, container: String) {
        self.name = name
        self.container = container
    }
}

/// A model on a server. Rates and times cover the time since the previous sample. They're nil if there were no requests.
package struct ModelSample: Sendable, Equatable, Codable {
    package var name: String
    package var version: String?
    package var readyWorkers: Int?
    package var workers: Int?
    /// The memory of all its workers, in bytes.
    package var workerMemory: Double?
    /// The number of requests that wait for a worker.
    package var pending: Int?
    package var requests: Double?
    /// Per second.
    package var rate: Double?
    /// The mean milliseconds that a request waited for a worker.
    package var queueTime: Double?
    /// The mean milliseconds that a worker had a request.
    package var workTime: Double?

    package init(name: String) { self.name = name }
}
