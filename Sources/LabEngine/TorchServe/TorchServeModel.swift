/// One version of a model as `GET /models/NAME` describes it, with only the fields that ailab reads.
package struct TorchServeModel: Sendable, Equatable, Decodable {
    package var modelName: String
    package var modelVersion: String
    package var modelUrl: String?
    package var minWorkers: Int?
    package var maxWorkers: Int?
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

/// A process that runs the model.
package struct TorchServeWorker: Sendable, Equatable, Decodable {
    package var id: String
    package var status: TorchServeWorkerStatus
    /// Changes each time the worker restarts. Zero or less while there is no process.
    package var pid: Int?
    package var startTime: String?
    /// TorchServe's last measurement, in bytes.
    package var memoryUsage: Int?
    package var gpu: Bool?
}

/// A worker's state in TorchServe's words. Unknown states of later versions are kept.
package struct TorchServeWorkerStatus: RawRepresentable, Hashable, Sendable, Decodable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }

    /// True if the worker accepts requests.
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

/// A model in the list of models.
package struct TorchServeModelName: Sendable, Equatable, Decodable {
    package var modelName: String
    package var modelUrl: String?
}

/// A model to register, and how to serve it.
package struct TorchServeRegistration: Sendable, Equatable {
    /// File name in the model store, or a URL from which the server downloads.
    package var url: String
    /// Nil for the name inside the archive.
    package var model: String?
    package var initialWorkers: Int
    /// If true, the response comes when the workers have started or failed to start.
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
