import FoundationEssentials
package import HTTPTransport

/// A connection-less client of one engine: an endpoint, the negotiated API version, and a transport.
///
/// A status other than 2xx throws `DockerError`, and a missing response throws `TransportError`. A response that breaks the API's
/// promises throws `DockerProtocolError`.
package struct DockerClient: Sendable {
    /// The transport.
    package let http: any HTTPClient
    /// Where the engine listens.
    package let endpoint: Endpoint
    /// The ping response from the version negotiation.
    package let ping: PingInfo
    /// The API version of all requests.
    package let version: APIVersion

    /// A client for an engine that was already pinged.
    package init(http: any HTTPClient, endpoint: Endpoint, ping: PingInfo) {
        self.http = http
        self.endpoint = endpoint
        self.ping = ping
        self.version = .negotiated(server: ping.apiVersion)
    }

    /// Pings the engine and negotiates the API version.
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

extension DockerClient {
    /// Sends a call and returns the response's head and unread body.
    func open(_ call: DockerCall) async throws -> HTTPResponse {
        let response = try await http.send(request(for: call))
        guard (200..<300).contains(response.head.status) || response.head.status == 101 || response.head.status == 304 else {
            throw DockerError(operation: call.operation, status: response.head.status, body: await shortBody(of: response))
        }
        return response
    }

    /// Sends a call and returns the whole body.
    func bytes(_ call: DockerCall, limit: Int = 16 << 20) async throws -> [UInt8] {
        try await open(call).body.collect(limit: limit)
    }

    /// Sends a call whose response only confirms success.
    func perform(_ call: DockerCall) async throws {
        _ = try await bytes(call, limit: 1 << 20)
    }

    /// Sends a call and decodes the JSON of its response.
    func value<Value: Decodable>(_ call: DockerCall) async throws -> Value {
        try Self.decode(Value.self, try await bytes(call), place: "\(call.method) \(call.path)")
    }

    /// Sends a call that upgrades the connection to a raw one.
    func upgrade(_ call: DockerCall) async throws -> RawConnection {
        do {
            return try await http.upgrade(request(for: call))
        } catch let error as HTTPStatusError {
            throw DockerError(operation: call.operation, status: error.status, body: error.body)
        }
    }

    /// Decodes JSON. The error names the place.
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

    /// JSON as text, for query parameters.
    static func jsonText(_ value: some Encodable) throws -> String {
        String(decoding: try jsonData(value), as: UTF8.self)
    }

    private static func jsonData(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The engine's names equal ours with a capital letter. Keys of dictionaries stay unchanged.
        encoder.keyEncodingStrategy = .custom { path in CapitalizedKey(path.last?.stringValue ?? "") }
        return try encoder.encode(value)
    }

    private func request(for call: DockerCall) -> HTTPRequest {
        var headers = call.headers
        // Without a type, libcurl would declare the body a form.
        if let type = call.contentType ?? (call.body == nil ? nil : "application/json") { headers.append("Content-Type", type) }
        let version = call.newestVersion.map { min($0, self.version) } ?? self.version
        return HTTPRequest(
            method: call.method, endpoint: endpoint, target: "/v\(version)\(call.path)\(call.query.encoded)", headers: headers,
            body: call.body,
            headTimeout: call.deadline.head, idleTimeout: call.deadline.idle, totalTimeout: call.deadline.total,
            readPacing: call.readPacing,
            deliveryPacing: call.deliveryPacing
        )
    }

    /// The body of an error response. A failure to read it must not hide the error itself.
    private func shortBody(of response: HTTPResponse) async -> [UInt8] {
        var all: [UInt8] = []
        var pieces = response.body.makeAsyncIterator()
        while all.count < 64 << 10, let piece = try? await pieces.next() { all += piece }
        return all
    }
}

/// Writes `hostConfig` as `HostConfig`.
private struct CapitalizedKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name.prefix(1).uppercased() + name.dropFirst() }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
