/// A response that breaks TorchServe's API: another program listens there.
package struct TorchServeProtocolError: Error, Sendable, Equatable {
    package var operation: TorchServeOperation
    /// The beginning of the response.
    package var body: String
}
