/// The time limits of a transfer. The loop checks them itself, because libcurl's limits also count the time that a slow reader pauses it.
struct TransferDeadlines {
    private let request: HTTPRequest
    private let start: ContinuousClock.Instant
    var lastProgress: ContinuousClock.Instant
    var hasHead = false
    var isUploading = false
    var isPaused = false

    init(_ request: HTTPRequest, start: ContinuousClock.Instant) {
        self.request = request
        self.start = start
        lastProgress = start
    }

    /// A running limit.
    struct Limit {
        fileprivate let name: String
        fileprivate let length: Duration
        let at: ContinuousClock.Instant

        var error: TransportError { TransportError(kind: .timeout, detail: "\(name) \(length)") }
    }

    /// The earliest of the running limits.
    var next: Limit? {
        var earliest: Limit?
        func consider(_ name: String, _ length: Duration?, from start: ContinuousClock.Instant) {
            guard let length else { return }
            let limit = Limit(name: name, length: length, at: start + length)
            if let earlier = earliest, earlier.at <= limit.at { return }
            earliest = limit
        }
        consider("not complete within", request.totalTimeout, from: start)
        if !hasHead { consider("no response within", request.headTimeout, from: start) }
        if isExpectingProgress { consider("silent for", request.idleTimeout, from: lastProgress) }
        return earliest
    }

    func allowsConnecting(at time: ContinuousClock.Instant) -> Bool { time < start + request.connectTimeout }

    private var isExpectingProgress: Bool { hasHead ? !isPaused : isUploading }
}

extension Duration {
    /// Rounded up, so that a wait never ends just before its deadline. Capped to what libcurl and poll(2) accept.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return max(0, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
