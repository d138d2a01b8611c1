import FoundationEssentials
package import HTTPTransport

/// A connection-less client of one TorchServe: its three addresses, its keys, and a transport.
///
/// A status other than 2xx throws `TorchServeError`, and a missing response throws `TransportError`. A response that is not TorchServe's
/// throws `TorchServeProtocolError`. `LabError(torchServe:)` explains all of them to a student.
///
/// Every request has a timeout. If workers die and restart, TorchServe itself would let a prediction wait for minutes.
package struct TorchServeClient: Sendable {
    package let http: any HTTPClient
    package let addresses: TorchServeAddresses
    /// Nil if the server was started without token authorization.
    package var keys: TorchServeKeys?

    package init(http: any HTTPClient, addresses: TorchServeAddresses, keys: TorchServeKeys? = nil) {
        self.http = http
        self.addresses = addresses
        self.keys = keys
    }

    /// `GET /ping`: true if TorchServe calls itself healthy, which it does before any worker is ready.
    package func ping(timeout: Duration = .seconds(5)) async throws -> Bool {
        struct Answer: Decodable { var status: String }
        let answer = try await get(
            Answer.self, "/ping", at: addresses.inference, key: keys?.inference, for: .ping, timeout: timeout)
        return answer.status == "Healthy"
    }

    /// `POST /predictions/NAME`.
    package func predict(
        model: String, body: HTTPBody, contentType: String = "application/octet-stream", timeout: Duration = .seconds(60)
    ) async throws -> TorchServePrediction {
        let answer = try await exchange(
            "POST", "/predictions/" + model.torchServeEscaped, at: addresses.inference, key: keys?.inference, for: .predict,
            timeout: timeout, body: body, contentType: contentType)
        return TorchServePrediction(body: answer)
    }

    /// `GET /metrics`: Prometheus text. Empty if the server's `metrics_mode` is `log`, the default.
    package func metrics(timeout: Duration = .seconds(5)) async throws -> String {
        let body = try await exchange("GET", "/metrics", at: addresses.metrics, key: nil, for: .metrics, timeout: timeout)
        return String(decoding: body, as: UTF8.self)
    }

    /// Sends one request and returns the whole body within the timeout.
    func exchange(
        _ method: String, _ target: String, at endpoint: Endpoint, key: TorchServeKeys.Key?, for operation: TorchServeOperation,
        timeout: Duration, body: HTTPBody? = nil, contentType: String? = nil
    ) async throws -> [UInt8] {
        var headers = HTTPHeaders()
        if let key { headers.append("Authorization", "Bearer " + key.value) }
        if let contentType { headers.append("Content-Type", contentType) }
        let request = HTTPRequest(
            method: method, endpoint: endpoint, target: target, headers: headers, body: body, connectTimeout: min(timeout, .seconds(5)),
            headTimeout: timeout, totalTimeout: timeout)
        var attempts = operation.canRepeat ? Self.attemptLimit : 1
        while true {
            let response = try await http.send(request)
            let answer = try await response.body.collect()
            if (200..<300).contains(response.head.status) { return answer }
            let error = TorchServeError(status: response.head.status, body: answer, operation: operation)
            attempts -= 1
            guard error.isRace, attempts > 0 else { throw error }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// How often a request is sent that meets a race in the server.
    private static let attemptLimit = 20

    /// Sends a GET request with a JSON response.
    func get<Answer: Decodable>(
        _ type: Answer.Type, _ target: String, at endpoint: Endpoint, key: TorchServeKeys.Key?, for operation: TorchServeOperation,
        timeout: Duration
    ) async throws -> Answer {
        let body = try await exchange("GET", target, at: endpoint, key: key, for: operation, timeout: timeout)
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw TorchServeProtocolError(operation: operation, body: String(decoding: body.prefix(500), as: UTF8.self))
        }
    }
}

extension String {
    /// The text as one part of a path or query. Every byte except the unreserved ones is escaped.
    package var torchServeEscaped: String { HTTPQuery.encode(self) }
}
