import HTTPTransport
import HostFacts
import LabSupport

/// Sends requests with short timeouts, and derives the cause of a failure from error codes.
struct ReachAsker: Sendable {
    let http: any HTTPClient
    let network: HostNetwork

    func ask(_ url: String, method: String = "GET", headers: HTTPHeaders = [:]) async -> Reach {
        do {
            return Self.reach(try await head(url, method: method, headers: headers))
        } catch {
            return failure(error, url)
        }
    }

    /// The head of the response. This doesn't wait for the body.
    func head(_ url: String, method: String, headers: HTTPHeaders = [:]) async throws -> ResponseHead {
        try await http.send(request(url, method: method, headers: headers)).head
    }

    func request(_ url: String, method: String = "GET", headers: HTTPHeaders = [:]) throws -> HTTPRequest {
        var request = try HTTPRequest(url: url, method: method, headers: headers)
        request.connectTimeout = .seconds(4)
        request.headTimeout = .seconds(6)
        request.totalTimeout = .seconds(8)
        return request
    }

    static func reach(_ head: ResponseHead) -> Reach {
        .answered(
            status: head.status, date: head.headers["Date"].flatMap(HTTPDate.seconds), ours: wallClock(),
            remaining: head.headers["ratelimit-remaining"].flatMap { Int($0.prefix { $0.isNumber }) })
    }

    func failure(_ error: any Error, _ url: String) -> Reach {
        guard let error = error as? TransportError else { return .failed(cause: "network-unreachable", detail: "\(error)") }
        return .failed(cause: cause(error, url), detail: SafeLines.clean(text: Redaction.urls(in: error.detail)))
    }

    /// libcurl's codes `CURLE_COULDNT_RESOLVE_PROXY` and `CURLE_RECV_ERROR`: https://curl.se/libcurl/c/libcurl-errors.html
    /// With a proxy, a receive error means that the proxy refused the tunnel.
    private static let unknownProxy: UInt32 = 5
    private static let failedRead: UInt32 = 56

    private func cause(_ error: TransportError, _ url: String) -> String {
        let usesProxy = usesProxy(url)
        switch error.kind {
        case .resolve: return usesProxy || error.curlCode == Self.unknownProxy ? "proxy-misconfigured" : "dns-failure"
        case .timeout: return "network-timeout"
        case .connect: return usesProxy ? "proxy-misconfigured" : "network-unreachable"
        case .tls, .reset:
            if usesProxy, error.curlCode == Self.failedRead { return "proxy-misconfigured" }
            return error.kind == .tls ? "tls-untrusted" : "network-reset"
        default: return "network-unreachable"
        }
    }

    private func usesProxy(_ url: String) -> Bool {
        let kind: ProxySetting.Kind = url.hasPrefix("https:") ? .https : .http
        let host = Self.host(of: url)
        let exceptions = network.proxies.first { $0.kind == .none }?.value.split(separator: ",").map { $0.trimmed } ?? []
        guard !exceptions.contains(where: { $0 == "*" || host == $0 || host.hasSuffix($0.hasPrefix(".") ? $0 : "." + $0) }) else {
            return false
        }
        return network.proxies.contains { $0.kind == kind || $0.kind == .all }
    }

    /// The host and port of a URL, cleaned for display.
    static func host(of url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return SafeLines.clean(text: String((rest.prefix { $0 != "/" }.split(separator: "@").last) ?? ""))
    }
}
