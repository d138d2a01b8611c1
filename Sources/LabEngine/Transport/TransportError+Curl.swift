package import CCurl
import Glibc

extension TransportError {
    /// The error for libcurl's result of a transfer to `endpoint`. `hasHead` says whether the response's head was complete.
    init(_ code: CURLcode, easy: CurlEasy, endpoint: Endpoint, hasHead: Bool) {
        var number = Int32(truncatingIfNeeded: easy.long(CURLINFO_OS_ERRNO))
        // `localhost` is tried at ::1 first. A refusal there stays libcurl's errno, although 127.0.0.1 then took the connection.
        if code != CURLE_COULDNT_CONNECT, Self.unreachable.contains(number) { number = 0 }
        // libcurl passes on every errno of a unix connect except that of a full backlog.
        if case .unix = endpoint, code == CURLE_COULDNT_CONNECT, number == 0 { number = EAGAIN }
        let isReadWithoutSystemError = code == CURLE_RECV_ERROR && number == 0
        let kind: Kind
        if isReadWithoutSystemError, !endpoint.isTLS {
            // libcurl reports a malformed chunk as a failed read, but without a failed system call.
            kind = .malformedResponse
        } else if isReadWithoutSystemError, !hasHead {
            // In TLS 1.3, a server refuses a client's certificate after the handshake, when the response is expected.
            kind = .tls
        } else {
            kind = Kind(code)
        }
        self.init(
            kind: kind, errno: number == 0 ? nil : number, curlCode: code.rawValue,
            detail: Self.detail(kind, number, endpoint) ?? easy.explanation(of: code)
        )
    }

    /// What a connection that stands can't fail with.
    private static let unreachable = [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL]

    /// libcurl names a unix socket by the URL's host ("Failed to connect to localhost port 80"), which misleads readers.
    private static func detail(_ kind: Kind, _ number: Int32, _ endpoint: Endpoint) -> String? {
        guard kind == .connect, number != 0, case .unix(let path) = endpoint else { return nil }
        return "\(path): \(String(cString: strerror(number)))"
    }
}

extension TransportError.Kind {
    package init(_ code: CURLcode) {
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION: self = .badRequest
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .resolve
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED, CURLE_PROXY: self = .connect
        case CURLE_OPERATION_TIMEDOUT: self = .timeout
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: self = .reset
        // libcurl takes a response without a status line for HTTP/0.9, an "unsupported protocol".
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_TOO_MANY_REDIRECTS:
            self = .malformedResponse
        // It's how libcurl refuses a header of megabytes.
        case CURLE_OUT_OF_MEMORY: self = .malformedResponse
        case CURLE_READ_ERROR, CURLE_UPLOAD_FAILED, CURLE_SEND_FAIL_REWIND: self = .uploadFailed
        case CURLE_ABORTED_BY_CALLBACK: self = .cancelled
        default: self = Self.isAboutTLS(code) ? .tls : .other
        }
    }

    private static func isAboutTLS(_ code: CURLcode) -> Bool {
        switch code {
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_NOTFOUND, CURLE_USE_SSL_FAILED:
            true
        default: false
        }
    }
}

extension Endpoint {
    var isTLS: Bool {
        if case .tcp(_, _, .some) = self { true } else { false }
    }
}
