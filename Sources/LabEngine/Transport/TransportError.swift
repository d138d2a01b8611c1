/// Why no response came. The kind follows from libcurl's code and the system's errno, never from a text.
package struct TransportError: Error, Sendable, Equatable {
    package enum Kind: String, Sendable, Codable {
        case badRequest
        case resolve
        case connect
        case tls
        case timeout
        case reset
        case malformedResponse
        case uploadFailed
        case bodyTooLarge
        case cancelled
        case other
    }

    package var kind: Kind
    /// The system's errno. It distinguishes a missing socket (2 ENOENT), a forbidden one (13 EACCES) and a dead one (111 ECONNREFUSED).
    package var errno: Int32?
    /// libcurl's result code.
    package var curlCode: UInt32?
    /// What libcurl or the system said.
    package var detail: String

    package init(kind: Kind, errno: Int32? = nil, curlCode: UInt32? = nil, detail: String) {
        self.kind = kind
        self.errno = errno
        self.curlCode = curlCode
        self.detail = detail
    }
}
