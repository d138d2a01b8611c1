/// The outcome of one request.
package struct TransferOutcome: Sendable {
    package var endpoint: Endpoint
    /// Nil if no response came.
    package var status: Int?
    /// Why no complete response came. Nil if one did, or if the reader left a stream.
    package var failure: TransportError.Kind?
    /// Nil if libcurl did not start the request.
    package var timings: TransferTimings?
    /// Whether the response has no end of its own, such as a followed log. Its duration then says nothing about the server.
    package var isStream: Bool

    package init(
        endpoint: Endpoint, status: Int? = nil, failure: TransportError.Kind? = nil, timings: TransferTimings? = nil, isStream: Bool = false
    ) {
        self.endpoint = endpoint
        self.status = status
        self.failure = failure
        self.timings = timings
        self.isStream = isStream
    }
}

extension HTTPRequest {
    /// Whether the response may go on for any time, because no timeout limits it.
    var isStream: Bool { idleTimeout == nil && totalTimeout == nil }
}
