import FoundationEssentials
import HTTPTransport

extension TorchServeClient {
    /// Names per page of the list, TorchServe's own largest.
    private static let pageLength = 100
    /// A server that always names a next page is not read for ever.
    private static let pageLimit = 100

    /// `GET /models`, all pages.
    package func models(timeout: Duration = .seconds(10)) async throws -> [TorchServeModelName] {
        struct Page: Decodable {
            var models: [TorchServeModelName]
            var nextPageToken: String?
        }
        var all: [TorchServeModelName] = []
        var token: String?
        for _ in 0..<Self.pageLimit {
            let target = "/models?limit=\(Self.pageLength)" + (token.map { "&next_page_token=" + $0.torchServeEscaped } ?? "")
            let page = try await get(
                Page.self, target, at: addresses.management, key: keys?.management, for: .list, timeout: timeout)
            all += page.models
            token = page.nextPageToken
            if token == nil { break }
        }
        return all
    }

    /// `GET /models/NAME`: the default version, or `version`, or every one with `all`.
    package func describe(_ model: String, version: String? = nil, timeout: Duration = .seconds(10)) async throws -> [TorchServeModel] {
        try await get(
            [TorchServeModel].self, path(model, version), at: addresses.management, key: keys?.management, for: .describe,
            timeout: timeout)
    }

    /// `POST /models`: loads an archive. Refused with 405 unless the server was started with `--enable-model-api`.
    ///
    /// Returns TorchServe's sentence about it. A synchronous registration takes as long as the model needs to load.
    @discardableResult
    package func register(_ registration: TorchServeRegistration, timeout: Duration = .seconds(150)) async throws -> String {
        var query = ["url=" + registration.url.torchServeEscaped]
        if let model = registration.model { query.append("model_name=" + model.torchServeEscaped) }
        query.append("initial_workers=\(registration.initialWorkers)")
        query.append("synchronous=\(registration.synchronous)")
        if let size = registration.batchSize { query.append("batch_size=\(size)") }
        if let delay = registration.maxBatchDelay { query.append("max_batch_delay=\(delay)") }
        if let seconds = registration.responseTimeout { query.append("response_timeout=\(seconds)") }
        return try await manage("POST", "/models?" + query.joined(separator: "&"), for: .register, timeout: timeout)
    }

    /// `PUT /models/NAME`: sets the number of workers.
    @discardableResult
    package func scale(
        _ model: String, version: String? = nil, workers: Int, synchronous: Bool = false, timeout: Duration = .seconds(150)
    ) async throws -> String {
        let query = "?min_worker=\(workers)&max_worker=\(workers)&synchronous=\(synchronous)"
        return try await manage("PUT", path(model, version) + query, for: .scale, timeout: timeout)
    }

    /// `PUT /models/NAME/VERSION/set-default`: requests that name no version go to this one from now on.
    @discardableResult
    package func setDefault(_ model: String, version: String, timeout: Duration = .seconds(10)) async throws -> String {
        try await manage("PUT", path(model, version) + "/set-default", for: .scale, timeout: timeout)
    }

    /// `DELETE /models/NAME`. Refused with 405 unless the server was started with `--enable-model-api`.
    @discardableResult
    package func unregister(_ model: String, version: String? = nil, timeout: Duration = .seconds(60)) async throws -> String {
        try await manage("DELETE", path(model, version), for: .unregister, timeout: timeout)
    }

    private func path(_ model: String, _ version: String?) -> String {
        "/models/" + model.torchServeEscaped + (version.map { "/" + $0.torchServeEscaped } ?? "")
    }

    private func manage(_ method: String, _ target: String, for operation: TorchServeOperation, timeout: Duration) async throws -> String {
        let body = try await exchange(
            method, target, at: addresses.management, key: keys?.management, for: operation, timeout: timeout,
            body: method == "DELETE" ? nil : .bytes([]))
        struct Answer: Decodable { var status: String }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)) else {
            throw TorchServeProtocolError(operation: operation, body: String(decoding: body.prefix(500), as: UTF8.self))
        }
        return answer.status
    }
}
