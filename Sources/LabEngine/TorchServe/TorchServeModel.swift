/// One version of a model as `GET /models/NAME` describes it, with only the fields that ailab reads.
package struct TorchServeModel: Sendable, Equatable, Decodable {
    package var modelName: String
    package var modelVersion: String
    package var modelUrl: String?
    package var minWorkers: Int?
    package var batchSize: Int?
    /// How long a batch waits to fill, in milliseconds.
    package var maxBatchDelay: Int?
    /// How long a worker may take for one response before it counts as dead, in seconds.
    package var responseTimeout: Int?
    package var workers: [TorchServeWorker]
    package var jobQueueStatus: TorchServeQueue?

    /// How many workers accept requests.
    package var readyWorkers: Int { workers.count { $0.status.isReady } }
}
