/// Where a server listens.
package enum Endpoint: Sendable, Hashable {
    /// A unix socket. Its path has at most 107 bytes (`sun_path`).
    case unix(path: String)
    /// Host and port, with TLS if settings are given.
    case tcp(host: String, port: Int, tls: TLSSettings?)
}

/// The settings of a TLS connection. They match the docker client's `ca.pem`, `cert.pem` and `key.pem`.
package struct TLSSettings: Sendable, Hashable {
    /// PEM file of the trusted authorities, or nil for the system's.
    package var authorityFile: String?
    /// PEM file of the client certificate.
    package var certificateFile: String?
    /// PEM file of the client certificate's private key.
    package var keyFile: String?
    /// False to skip the check of the server's name and certificate.
    package var verifiesPeer: Bool

    package init(authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, verifiesPeer: Bool = true) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.verifiesPeer = verifiesPeer
    }
}

/// Header fields in order of arrival. Names are compared without case.
package struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    package private(set) var fields: [Field] = []

    /// One `name: value` line.
    package struct Field: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }

    package mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// The first value with that name.
    package subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }
}

/// What a request sends.
package enum HTTPBody: Sendable {
    case bytes([UInt8])
    /// A file on the host, sent with its length.
    case file(path: String)
    /// Bytes produced on demand. If `length` is nil, they are sent in chunks.
    case produced(by: any UploadProducer, length: Int64?)
}

/// Fills the upload buffer when libcurl has room. Called on the transport's thread, so it may read a file but must not wait.
package protocol UploadProducer: Sendable {
    /// Writes at most `buffer.count` bytes and returns their number, 0 at the end. A thrown error aborts the request.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// One request. Set a timeout wherever a server could stay silent: ailab must never wait forever.
package struct HTTPRequest: Sendable {
    package var method: String
    package var endpoint: Endpoint
    /// Path and query, percent-encoded. Begins with a slash.
    package var target: String
    package var headers: HTTPHeaders
    package var body: HTTPBody?
    /// Timeout for the connection.
    package var connectTimeout: Duration
    /// Timeout from the start to the response's head, or nil if the server may take any time.
    package var headTimeout: Duration?
    /// Timeout between two pieces of the body. Pauses by the reader don't count. Nil for streams that may be silent.
    package var idleTimeout: Duration?
    /// Timeout for the whole exchange.
    package var totalTimeout: Duration?
    /// Whether to follow 3xx responses. For downloads only.
    package var followsRedirects: Bool
    /// A pause between two reads of the socket. If a server flushes every line, a pause of two milliseconds turns hundreds of wake-ups
    /// into one.
    package var readPacing: Duration?

    package init(
        method: String = "GET", endpoint: Endpoint, target: String, headers: HTTPHeaders = [:], body: HTTPBody? = nil,
        connectTimeout: Duration = .seconds(5), headTimeout: Duration? = .seconds(30), idleTimeout: Duration? = nil,
        totalTimeout: Duration? = nil, followsRedirects: Bool = false, readPacing: Duration? = nil
    ) {
        self.method = method
        self.endpoint = endpoint
        self.target = target
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.headTimeout = headTimeout
        self.idleTimeout = idleTimeout
        self.totalTimeout = totalTimeout
        self.followsRedirects = followsRedirects
        self.readPacing = readPacing
    }
}

/// Status and header fields of a response.
package struct ResponseHead: Sendable, Equatable {
    package var status: Int
    package var headers: HTTPHeaders

    package init(status: Int, headers: HTTPHeaders = [:]) {
        self.status = status
        self.headers = headers
    }
}

/// A response with an unread body. Releasing `body` ends the transfer.
package struct HTTPResponse: Sendable {
    package var head: ResponseHead
    package var body: HTTPBodyStream
    /// Receives the transfer's timings at its end. Nil if the client does not measure.
    package var report: TransferReport?

    package init(head: ResponseHead, body: HTTPBodyStream, report: TransferReport? = nil) {
        self.head = head
        self.body = body
        self.report = report
    }
}

/// The body in pieces as they arrive, for one consumer. A reader that stops reading stops the sender.
package struct HTTPBodyStream: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    private let pull: @Sendable () async throws -> [UInt8]?

    /// `pull` returns the next piece, or nil at the end.
    package init(pull: @escaping @Sendable () async throws -> [UInt8]?) { self.pull = pull }

    package func makeAsyncIterator() -> Iterator { Iterator(pull: pull) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let pull: @Sendable () async throws -> [UInt8]?
        package mutating func next() async throws -> [UInt8]? { try await pull() }
    }

    /// The whole body. Throws beyond `limit` bytes, so that a broken server cannot use up all memory.
    package func collect(limit: Int = 16 << 20) async throws -> [UInt8] {
        var all: [UInt8] = []
        for try await piece in self {
            guard all.count + piece.count <= limit else {
                throw TransportError(kind: .bodyTooLarge, detail: "more than \(limit) bytes")
            }
            all += piece
        }
        return all
    }
}

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

/// A response with an unexpected status, and the beginning of its body.
package struct HTTPStatusError: Error, Sendable, Equatable {
    package var status: Int
    package var body: [UInt8]

    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}
