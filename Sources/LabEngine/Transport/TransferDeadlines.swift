/// When a transfer has taken too long. Kept by the loop: libcurl's own limits count the time a slow reader keeps it paused.
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

    /// The earliest limit that is running, and the sentence for its end.
    var next: (at: ContinuousClock.Instant, sentence: String)? {
        var limits: [(at: ContinuousClock.Instant, sentence: String)] = []
        if let total = request.totalTimeout { limits.append((start + total, "not complete within \(total)")) }
        if let head = request.headTimeout, !hasHead { limits.append((start + head, "no answer within \(head)")) }
        if let idle = request.idleTimeout, isExpectingProgress { limits.append((lastProgress + idle, "silent for \(idle)")) }
        return limits.min { $0.at < $1.at }
    }

    private var isExpectingProgress: Bool { hasHead ? !isPaused : isUploading }
}

extension Duration {
    /// Rounded up, so that a wait never ends just before its deadline, and capped to what libcurl and poll(2) take.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return max(0, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
