import HTTPTransport
import HostFacts
import LabSupport

/// What came of asking a server.
enum Reach: Sendable, Equatable {
    /// It said something, be it a refusal.
    case answered(status: Int, date: Double?, ours: Double, remaining: Int?)
    /// It did not, and this is why: the cause's id, and the words of whoever noticed.
    case failed(cause: String, detail: String)

    /// The cause of a failure, an unwelcome answer included; nil where all is well.
    var cause: String? {
        switch self {
        case .failed(let cause, _): cause
        case .answered(403, _, _, _): "http-forbidden"
        case .answered(407, _, _, _): "proxy-misconfigured"
        case .answered(429, _, _, _): "registry-rate-limit"
        case .answered(let status, _, _, _): status >= 500 ? "service-unreachable" : nil
        }
    }

    /// What proves it.
    var detail: String {
        switch self {
        case .failed(_, let detail): detail
        case .answered(let status, _, _, _): "HTTP \(status)"
        }
    }
}

/// Asks servers with little patience, and tells the reasons of a failure apart by codes.
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

    /// The head of an answer; the body is not waited for.
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

    /// libcurl's codes for a proxy's name that is unknown, and for a failed read: with a proxy between, its refusal of the tunnel.
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

    /// Host and port of an address, for people.
    static func host(of url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return SafeLines.clean(text: String((rest.prefix { $0 != "/" }.split(separator: "@").last) ?? ""))
    }
}

/// `Sun, 22 Nov 2026 19:54:42 GMT`, as servers date their answers (RFC 9110).
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970; nil for any other form.
    static func seconds(_ text: String) -> Double? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), let year = Int(words[3]),
            let month = months.firstIndex(of: String(words[2])), (1...31).contains(day), (1970...9999).contains(year)
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3 else { return nil }
        return Double(days(year, month + 1, day) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2])
    }

    /// Days since 1970 of a date of the Gregorian calendar, years counted from March so that the leap day comes last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let monthIndex = (month + 9) % 12
        let dayOfYear = (153 * monthIndex + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
