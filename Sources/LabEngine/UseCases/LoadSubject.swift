package import HTTPTransport
import InferenceServer
import LabFile
package import LabRunner
import LabSupport
package import LoadTest
package import Telemetry

/// The requests of a load test and the expected responses, as typed by a person.
package struct LoadContent: Sendable {
    /// Files to send; they take turns.
    package var bodies: [String] = []
    /// What every answer must be, in the words of `LoadExpectation`.
    package var expectations: [String] = []
    /// Nil: GET, or POST with a body.
    package var method: String?
    package var headers = HTTPHeaders()
    /// Address of TorchServe's metrics.
    package var metrics: String?
    /// PEM file of the authority that signed the server's certificate.
    package var authorityFile: String?
    /// Lets other machines be a target, too.
    package var isAnywhere = false

    package init() {}
}

/// The subject of a load test: where the requests go, what they are, and where the server's own view of them is.
package struct LoadSubject: Sendable {
    package var target: LoadTarget
    package var requests: [LoadRequest]
    /// The subject's name for a person.
    package var title: String
    /// The server's metrics; nil if it has none that we know.
    package var metrics: Endpoint?
    /// The model whose counters are read; nil: all.
    package var model: String?
    /// Workers that take requests, if the server says so.
    package var workers: Int?
    /// True for a target on another machine.
    package var isElsewhere = false

    /// Finds the subject by an address or by the name of a model. Only a model needs the lab and the options of its run.
    package static func find(
        _ name: String, _ content: LoadContent, lab: () throws -> (lab: OpenedLab, options: RunOptions)
    ) async throws -> LoadSubject {
        if isAddress(name) { return try address(name, content) }
        let opened = try lab()
        return try await model(name, content, opened.lab, opened.options)
    }

    /// Names of models contain none of these characters; every address does, with or without a scheme.
    private static func isAddress(_ text: String) -> Bool { text == "localhost" || text.contains { ":/.".contains($0) } }

    private static func address(_ name: String, _ content: LoadContent) throws -> LoadSubject {
        let url = name.contains("://") ? name : "http://\(name)"
        var (target, path) = try LoadReach.target(url, anywhere: content.isAnywhere)
        if let file = content.authorityFile {
            // libcurl would read a pipe or a device for ever.
            _ = try Files.read(file, limit: PathBelow.readLimit)
            target.tls?.authorityFile = file
        }
        let requests = try requests(content, path)
        for request in requests { try check(request, target) }
        var subject = LoadSubject(target: target, requests: requests, title: SafeLines.clean(text: url))
        subject.metrics = try content.metrics.map { try HTTPRequest(url: $0).endpoint }
        subject.isElsewhere = content.isAnywhere && target.addresses.contains { !LoadReach.isLocal($0, LocalInterface.all()) }
        return subject
    }

    private static func requests(_ content: LoadContent, _ path: String) throws -> [LoadRequest] {
        let expectations = try content.expectations.map { try LoadExpectation($0) }
        guard !content.bodies.isEmpty else {
            return [LoadRequest(method: content.method ?? "GET", target: path, headers: content.headers, expectations: expectations)]
        }
        return try content.bodies.map { file in
            var headers = content.headers
            if headers["Content-Type"] == nil { headers.append("Content-Type", contentType(file)) }
            return LoadRequest(
                method: content.method ?? "POST", target: path, headers: headers,
                body: try Files.readNamed(file, limit: PathBelow.readLimit), expectations: expectations,
                name: Files.name(of: file))
        }
    }

    private static func model(
        _ name: String, _ content: LoadContent, _ lab: OpenedLab, _ options: RunOptions
    ) async throws -> LoadSubject {
        let found = try await LabModelLoad.find(
            name, in: lab.spec, lab.workspace, options: options, environment: lab.environment, bodies: content.bodies)
        let (target, _) = try LoadReach.target(found.url, anywhere: false)
        var requests = found.requests
        if !content.expectations.isEmpty {
            let expectations = try content.expectations.map { try LoadExpectation($0) }
            for index in requests.indices { requests[index].expectations = expectations }
        }
        for field in content.headers.fields {
            for index in requests.indices { requests[index].headers.append(field.name, field.value) }
        }
        return LoadSubject(
            target: target, requests: requests, title: "\(found.model) (\(found.url))", metrics: found.server.addresses.metrics,
            model: found.model, workers: found.workers)
    }

    /// The transport's own rules: no line end in a header, no space in a path.
    private static func check(_ request: LoadRequest, _ target: LoadTarget) throws {
        do {
            try HTTPRequest(
                method: request.method, endpoint: .tcp(host: target.host, port: target.port, tls: nil), target: request.target,
                headers: request.headers
            ).validate()
        } catch let error as TransportError {
            throw LabError(.usageRequest, Text(en: "This request cannot be sent.", zh: "无法发送这样的请求。"), cause: error.detail)
        }
    }

    private static func contentType(_ file: String) -> String { file.hasSuffix(".json") ? "application/json" : "application/octet-stream" }

    /// The server's counters now; nil if it doesn't tell.
    package func counters() async -> ServerCounters? {
        guard let metrics else { return nil }
        let addresses = TorchServeAddresses(inference: metrics, management: metrics, metrics: metrics)
        guard let text = try? await TorchServeClient(http: CurlHTTPClient.shared, addresses: addresses).metrics(timeout: .seconds(3))
        else { return nil }
        // A server that has answered nothing yet has no counters, which is zero of each.
        return ServerCounters(PrometheusText(text), model: model) ?? (text.isEmpty ? nil : ServerCounters())
    }
}
