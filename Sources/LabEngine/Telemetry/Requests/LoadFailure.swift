import Glibc

/// Why a request got no response.
package enum LoadFailure: String, Sendable, CaseIterable {
    /// No program listens at the address.
    case refused
    /// Connecting failed for another reason.
    case connect
    /// The response wasn't complete in time.
    case timeout
    /// The server reset the connection (RST).
    case reset
    /// The server closed the connection without a response.
    case closed
    /// The server closed the connection in the middle of its response.
    case cut
    /// The response isn't HTTP.
    case malformed
    /// The TLS handshake failed.
    case tls
    case other

    package init(errno number: Int32, connecting: Bool) {
        switch number {
        case ECONNREFUSED: self = .refused
        case ECONNRESET, EPIPE: self = connecting ? .connect : .reset
        case ETIMEDOUT: self = .timeout
        default: self = connecting ? .connect : .other
        }
    }
}
