/// Requests that wait for a worker.
package struct TorchServeQueue: Sendable, Equatable, Decodable {
    package var remainingCapacity: Int
    package var pendingRequests: Int

    package init(remainingCapacity: Int, pendingRequests: Int) {
        self.remainingCapacity = remainingCapacity
        self.pendingRequests = pendingRequests
    }
}
