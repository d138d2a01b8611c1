/// Whether a server was reachable.
enum Reach: Sendable, Equatable {
    /// The server answered, perhaps with an error status.
    case answered(status: Int, date: Double?, ours: Double, remaining: Int?)
    /// The server didn't answer. `cause` is the id of the cause, `detail` is the original message.
    case failed(cause: String, detail: String)

    /// The id of the cause if the request failed or the status is an error. Nil if all is well.
    var cause: String? {
        switch self {
        case .failed(let cause, _): cause
        case .answered(403, _, _, _): "http-forbidden"
        case .answered(407, _, _, _): "proxy-misconfigured"
        case .answered(429, _, _, _): "registry-rate-limit"
        case .answered(let status, _, _, _): status >= 500 ? "service-unreachable" : nil
        }
    }

    /// The evidence for the cause.
    var detail: String {
        switch self {
        case .failed(_, let detail): detail
        case .answered(let status, _, _, _): "HTTP \(status)"
        }
    }
}
