/// A model as `GET /models/NAME` describes it, one value per version. Only the fields that we read.
package struct TorchServeModel: Sendable, Equatable, Decodable {
    package var modelName: String
    package var modelVersion: String
    package var modelUrl: String?
    package var minWorkers: Int?
    package var maxWorkers: Int?
    package var batchSize: Int?
    /// Milliseconds that a batch waits to fill.
    package var maxBatchDelay: Int?
    /// Seconds that a worker may take for one answer before it counts as dead.
    package var responseTimeout: Int?
    package var workers: [TorchServeWorker]
    package var jobQueueStatus: TorchServeQueue?

    /// Workers that take requests.
    package var readyWorkers: Int { workers.count { $0.status.isReady } }
}

/// A process that holds the model.
package struct TorchServeWorker: Sendable, Equatable, Decodable {
    package var id: String
    package var status: TorchServeWorkerStatus
    /// Changes each time the worker is started again; zero or less while there is no process.
    package var pid: Int?
    package var startTime: String?
    /// Bytes, as TorchServe measured them last.
    package var memoryUsage: Int?
    package var gpu: Bool?
}

/// A worker's state in TorchServe's words; those that a later version adds are kept.
package struct TorchServeWorkerStatus: RawRepresentable, Hashable, Sendable, Decodable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }

    /// True where it takes requests.
    package var isReady: Bool { rawValue == "READY" }
}

/// Requests that wait for a worker.
package struct TorchServeQueue: Sendable, Equatable, Decodable {
    package var remainingCapacity: Int
    package var pendingRequests: Int

    package init(remainingCapacity: Int, pendingRequests: Int) {
        self.remainingCapacity = remainingCapacity
        self.pendingRequests = pendingRequests
    }
}

/// A model as the list of models names it.
package struct TorchServeModelName: Sendable, Equatable, Decodable {
    package var modelName: String
    package var modelUrl: String?
}

/// What is registered, and how it is served.
package struct TorchServeRegistration: Sendable, Equatable {
    /// File name in the model store, or an address that the server downloads from.
    package var url: String
    /// Nil: the name inside the archive.
    package var model: String?
    package var initialWorkers: Int
    /// True: the answer comes when the workers are up, or have failed to come up.
    package var synchronous: Bool
    package var batchSize: Int?
    /// Milliseconds.
    package var maxBatchDelay: Int?
    /// Seconds.
    package var responseTimeout: Int?

    package init(
        url: String, model: String? = nil, initialWorkers: Int = 1, synchronous: Bool = false, batchSize: Int? = nil,
        maxBatchDelay: Int? = nil, responseTimeout: Int? = nil
    ) {
        self.url = url
        self.model = model
        self.initialWorkers = initialWorkers
        self.synchronous = synchronous
        self.batchSize = batchSize
        self.maxBatchDelay = maxBatchDelay
        self.responseTimeout = responseTimeout
    }
}
