import Glibc

/// Why a request got no answer.
package enum LoadFailure: String, Sendable, CaseIterable {
    /// Nobody listens there.
    case refused
    /// No connection for another reason.
    case connect
    /// No complete answer in time.
    case timeout
    /// The server broke the connection off (RST).
    case reset
    /// The server closed the connection without a word.
    case closed
    /// The server closed the connection in the middle of its answer.
    case cut
    /// What came is no HTTP.
    case malformed
    /// No encrypted connection.
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
