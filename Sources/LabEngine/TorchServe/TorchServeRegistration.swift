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
