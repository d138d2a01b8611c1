/// Where a server listens.
package enum Endpoint: Sendable, Hashable {
    /// A unix socket; at most 107 bytes of path (`sun_path`).
    case unix(path: String)
    /// Host and port; TLS where an identity or an authority is given.
    case tcp(host: String, port: Int, tls: TLSSettings?)
}

/// What a TLS connection needs, as the docker client's `ca.pem`, `cert.pem` and `key.pem` give it.
package struct TLSSettings: Sendable, Hashable {
    /// PEM file of the authorities to trust; nil: the system's.
    package var authorityFile: String?
    /// PEM file of the client certificate.
    package var certificateFile: String?
    /// PEM file of the client certificate's private key.
    package var keyFile: String?
    /// False where the server's name and certificate are not to be checked.
    package var verifiesPeer: Bool

    package init(authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, verifiesPeer: Bool = true) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.verifiesPeer = verifiesPeer
    }
}

/// Header fields in order of arrival; names compare without case.
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

    /// The first value of that name.
    package subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }
}

/// What a request sends.
package enum HTTPBody: Sendable {
    case bytes([UInt8])
    /// A file of the host, sent with its length.
    case file(path: String)
    /// Bytes produced on demand; `length` nil means chunked transfer.
    case produced(by: any UploadProducer, length: Int64?)
}

/// Fills the upload buffer when libcurl has room. Called on the transport's thread: it may read a file, it may not wait.
package protocol UploadProducer: Sendable {
    /// Writes at most `buffer.count` bytes; returns how many, 0 at the end. Throwing aborts the request with that error.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// One request. Every duration has a reason to exist: nothing in ailab waits without an end.
package struct HTTPRequest: Sendable {
    package var method: String
    package var endpoint: Endpoint
    /// Path and query, beginning with a slash, percent-encoded.
    package var target: String
    package var headers: HTTPHeaders
    package var body: HTTPBody?
    /// Longest wait for a connection.
    package var connectTimeout: Duration
    /// Longest wait from the start to the response's head; nil where the server may take as long as it likes.
    package var headTimeout: Duration?
    /// Longest silence between two pieces of the body, time spent paused by the reader not counted; nil for streams that may be silent.
    package var idleTimeout: Duration?
    /// Longest time for the whole exchange.
    package var totalTimeout: Duration?
    /// Follow 3xx answers, for downloads only.
    package var followsRedirects: Bool
    /// A pause between two reads of the socket: with a server that flushes every line, waiting two milliseconds turns
    /// hundreds of wake-ups into one.
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

/// Status line and header fields of an answer.
package struct ResponseHead: Sendable, Equatable {
    package var status: Int
    package var headers: HTTPHeaders

    package init(status: Int, headers: HTTPHeaders = [:]) {
        self.status = status
        self.headers = headers
    }
}

/// An answer whose body is still to be read. Dropping `body` ends the transfer.
package struct HTTPResponse: Sendable {
    package var head: ResponseHead
    package var body: HTTPBodyStream

    package init(head: ResponseHead, body: HTTPBodyStream) {
        self.head = head
        self.body = body
    }
}

/// The body in the pieces in which it arrives, pulled by one consumer: a reader that stops reading stops the sender.
package struct HTTPBodyStream: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    private let pull: @Sendable () async throws -> [UInt8]?

    /// `pull` returns the next piece, nil at the end.
    package init(pull: @escaping @Sendable () async throws -> [UInt8]?) { self.pull = pull }

    package func makeAsyncIterator() -> Iterator { Iterator(pull: pull) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let pull: @Sendable () async throws -> [UInt8]?
        package mutating func next() async throws -> [UInt8]? { try await pull() }
    }

    /// The whole body, refused beyond `limit` bytes so that a wedged server cannot take all memory.
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

/// Why no answer came, recognised by libcurl's code and the system's errno, never by a text.
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
    /// The system's error number: 2 ENOENT, 13 EACCES, 111 ECONNREFUSED tell a missing, a forbidden and a dead socket apart.
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

/// What the folders above see of the transport.
package protocol HTTPClient: Sendable {
    /// Sends the request and returns at the end of the answer's head. Throws `TransportError`, `CancellationError` where the task
    /// was, or the `LabError` `transport.libraryMissing`.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
    /// Sends a request that asks for a protocol upgrade and hands over the connection once the server agreed (101, or 200 from
    /// servers that do not say so). Any other status is `HTTPStatusError`.
    func upgrade(_ request: HTTPRequest) async throws -> RawConnection
}

/// An answer that was not the hoped-for one, body included (capped).
package struct HTTPStatusError: Error, Sendable, Equatable {
    package var status: Int
    package var body: [UInt8]

    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}
