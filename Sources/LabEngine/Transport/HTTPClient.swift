/// The interface of the transport for the rooms above it.
package protocol HTTPClient: Sendable {
    /// Sends the request and returns when the response's head is complete.
    ///
    /// Throws `TransportError`, `CancellationError` if the task was cancelled, or the `LabError` `transport.libraryMissing`.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
    /// Sends a request for a protocol upgrade and returns the connection when the server agrees.
    ///
    /// The server agrees with 101, or with 200 if it doesn't announce upgrades. Any other status throws `HTTPStatusError`.
    func upgrade(_ request: HTTPRequest) async throws -> RawConnection
}
