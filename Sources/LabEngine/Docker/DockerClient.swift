import FoundationEssentials
package import HTTPTransport

/// A connection-less client of one engine: an endpoint, the version that was negotiated with it, and a transport.
///
/// Answers other than 2xx are `DockerError`, no answer is `TransportError`, an answer that is not what the API promises is
/// `DockerProtocolError`.
package struct DockerClient: Sendable {
    /// The transport.
    package let http: any HTTPClient
    /// Where the engine listens.
    package let endpoint: Endpoint
    /// What the engine said of itself when the version was negotiated.
    package let ping: PingInfo
    /// The version that requests are made with.
    package let version: APIVersion

    /// A client for an engine that was pinged already.
    package init(http: any HTTPClient, endpoint: Endpoint, ping: PingInfo) {
        self.http = http
        self.endpoint = endpoint
        self.ping = ping
        self.version = .negotiated(server: ping.apiVersion)
    }

    /// Pings the engine and agrees on a version with it.
    package static func connect(http: any HTTPClient, endpoint: Endpoint, timeout: Duration = .seconds(5)) async throws -> DockerClient {
        DockerClient(http: http, endpoint: endpoint, ping: try await ping(http: http, endpoint: endpoint, timeout: timeout))
    }

    /// `GET /_ping`, the only request without a version in its path.
    package static func ping(http: any HTTPClient, endpoint: Endpoint, timeout: Duration = .seconds(5)) async throws -> PingInfo {
        let request = HTTPRequest(
            endpoint: endpoint, target: "/_ping", connectTimeout: timeout, headTimeout: timeout, totalTimeout: timeout)
        let response = try await http.send(request)
        let body = try await response.body.collect(limit: 64 << 10)
        guard response.head.status == 200 else {
            throw DockerError(operation: .engine("ping"), status: response.head.status, body: body)
        }
        return PingInfo(headers: response.head.headers)
    }
}

/// How long a request may take. Streams that may be silent for hours have no end of their own: their task is cancelled.
package struct DockerDeadline: Sendable {
    package var head: Duration?
    package var idle: Duration?
    package var total: Duration?

    package init(head: Duration?, idle: Duration? = nil, total: Duration? = nil) {
        self.head = head
        self.idle = idle
        self.total = total
    }

    /// A question that an engine answers from memory; under load that takes seconds, not minutes.
    package static let question = DockerDeadline(head: .seconds(60), idle: .seconds(60))
    /// A change that makes the engine work: removing a large image, committing layers.
    package static let work = DockerDeadline(head: .seconds(300), idle: .seconds(300))
    /// A stream that begins at once and may then be silent.
    package static let stream = DockerDeadline(head: .seconds(60))
    /// Whatever the engine likes: the task that waits is the one to be cancelled.
    package static let none = DockerDeadline(head: nil)
}

/// One call, before it becomes a request.
struct DockerCall {
    var operation: DockerOperation
    var method: String
    var path: String
    var query = HTTPQuery()
    var body: HTTPBody?
    var contentType: String?
    var headers: HTTPHeaders = [:]
    var deadline = DockerDeadline.question
    var readPacing: Duration?
}

extension DockerClient {
    /// Sends a call and hands over the answer's head and unread body.
    func open(_ call: DockerCall) async throws -> HTTPResponse {
        let response = try await http.send(request(for: call))
        guard (200..<300).contains(response.head.status) || response.head.status == 101 || response.head.status == 304 else {
            throw DockerError(operation: call.operation, status: response.head.status, body: await shortBody(of: response))
        }
        return response
    }

    /// Sends a call and returns the whole answer.
    func bytes(_ call: DockerCall, limit: Int = 16 << 20) async throws -> [UInt8] {
        try await open(call).body.collect(limit: limit)
    }

    /// Sends a call whose answer says nothing but that it worked.
    func perform(_ call: DockerCall) async throws {
        _ = try await bytes(call, limit: 1 << 20)
    }

    /// Sends a call and decodes the JSON of its answer.
    func value<Value: Decodable>(_ call: DockerCall) async throws -> Value {
        try Self.decode(Value.self, try await bytes(call), place: "\(call.method) \(call.path)")
    }

    /// Sends a call that turns the connection into a raw one.
    func upgrade(_ call: DockerCall) async throws -> RawConnection {
        do {
            return try await http.upgrade(request(for: call))
        } catch let error as HTTPStatusError {
            throw DockerError(operation: call.operation, status: error.status, body: error.body)
        }
    }

    /// Decodes JSON; the error names the place.
    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8], place: String) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw DockerProtocolError(place, "\(error)")
        }
    }

    /// A JSON body.
    static func json(_ value: some Encodable) throws -> HTTPBody {
        .bytes([UInt8](try jsonData(value)))
    }

    /// JSON as text, for the query parameters that carry it.
    static func jsonText(_ value: some Encodable) throws -> String {
        String(decoding: try jsonData(value), as: UTF8.self)
    }

    private static func jsonData(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The engine's names are ours with a capital; the keys of dictionaries stay as they are.
        encoder.keyEncodingStrategy = .custom { path in CapitalizedKey(path.last?.stringValue ?? "") }
        return try encoder.encode(value)
    }

    private func request(for call: DockerCall) -> HTTPRequest {
        var headers = call.headers
        // libcurl would call a body without a type a form.
        if let type = call.contentType ?? (call.body == nil ? nil : "application/json") { headers.append("Content-Type", type) }
        return HTTPRequest(
            method: call.method, endpoint: endpoint, target: "/v\(version)\(call.path)\(call.query.encoded)", headers: headers,
            body: call.body,
            headTimeout: call.deadline.head, idleTimeout: call.deadline.idle, totalTimeout: call.deadline.total, readPacing: call.readPacing
        )
    }

    /// The body of a refusal. That it could not be read must not hide the refusal itself.
    private func shortBody(of response: HTTPResponse) async -> [UInt8] {
        var all: [UInt8] = []
        var pieces = response.body.makeAsyncIterator()
        while all.count < 64 << 10, let piece = try? await pieces.next() { all += piece }
        return all
    }
}

/// `hostConfig` as `HostConfig`.
private struct CapitalizedKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name.prefix(1).uppercased() + name.dropFirst() }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
