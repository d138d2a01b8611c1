import HTTPTransport
import InferenceServer
import LabEngine
import LabFile
import LabRunner
import LabSupport
import LoadTest
import Telemetry

/// What a load test is about: where it goes, what is sent, and where the server's own view of it is.
struct LoadSubject: Sendable {
    var target: LoadTarget
    var requests: [LoadRequest]
    /// As it is shown.
    var title: String
    /// The server's metrics; nil where it has none that we know.
    var metrics: Endpoint?
    /// The model that the counters are read of; nil: all.
    var model: String?
    /// Workers that take requests, where the server says so.
    var workers: Int?
    var isElsewhere = false

    /// Finds out what the command line means.
    static func find(_ command: LoadCommand) async throws -> LoadSubject {
        isAddress(command.subject) ? try address(command) : try await model(command)
    }

    /// Names of models have neither; what has is an address, with or without a scheme.
    private static func isAddress(_ text: String) -> Bool { text == "localhost" || text.contains { ":/.".contains($0) } }

    private static func address(_ command: LoadCommand) throws -> LoadSubject {
        let options = command.request
        let url = command.subject.contains("://") ? command.subject : "http://\(command.subject)"
        var (target, path) = try LoadReach.target(url, anywhere: options.anywhere)
        if let file = options.cacert { target.tls?.authorityFile = file }
        let expectations = try options.expect.map { try LoadExpectation($0) }
        var requests: [LoadRequest] = []
        for file in options.body {
            var headers = options.headers
            if headers["Content-Type"] == nil { headers.append("Content-Type", contentType(file)) }
            requests.append(
                LoadRequest(
                    method: options.method ?? "POST", target: path, headers: headers, body: try Files.read(file),
                    expectations: expectations,
                    name: String(file.split(separator: "/").last ?? "")))
        }
        if requests.isEmpty {
            requests = [LoadRequest(method: options.method ?? "GET", target: path, headers: options.headers, expectations: expectations)]
        }
        for request in requests { try check(request, target) }
        var subject = LoadSubject(target: target, requests: requests, title: SafeLines.clean(text: url))
        subject.metrics = try options.metrics.map { try HTTPRequest(url: $0).endpoint }
        subject.isElsewhere = options.anywhere && target.addresses.contains { !LoadReach.isLocal($0, LocalInterface.all()) }
        return subject
    }

    private static func model(_ command: LoadCommand) async throws -> LoadSubject {
        let workspace = try command.lab.workspace()
        let spec = try LabSpecLoader.spec(path: try command.lab.labFile())
        let newest = LabProgress(workspace, spec).options
        let found = try await LabModelLoad.find(
            command.subject, in: spec, workspace, options: command.settings.applied(to: newest), environment: Console.environment,
            bodies: command.request.body)
        let (target, _) = try LoadReach.target(found.url, anywhere: false)
        var requests = found.requests
        if !command.request.expect.isEmpty {
            let expectations = try command.request.expect.map { try LoadExpectation($0) }
            for index in requests.indices { requests[index].expectations = expectations }
        }
        for field in command.request.headers.fields {
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
            throw LabError(
                "usage.request", Text(en: "This request cannot be sent.", zh: "无法发送这样的请求。"), cause: error.detail)
        }
    }

    private static func contentType(_ file: String) -> String { file.hasSuffix(".json") ? "application/json" : "application/octet-stream" }

    /// The server's counters now; nil where it does not tell.
    func counters() async -> ServerCounters? {
        guard let metrics else { return nil }
        let addresses = TorchServeAddresses(inference: metrics, management: metrics, metrics: metrics)
        guard let text = try? await TorchServeClient(http: CurlHTTPClient.shared, addresses: addresses).metrics(timeout: .seconds(3))
        else { return nil }
        // A server that has answered nothing yet has no counters, which is zero of each.
        return ServerCounters(PrometheusText(text), model: model) ?? (text.isEmpty ? nil : ServerCounters())
    }
}
