/// What one program of ailab asks of one server, and how it fares.
package struct RequestSample: Sendable, Equatable, Codable {
    /// The program: `run 7`, `load`, `top`, or `ailab` for the walkthrough.
    package var sender: String
    /// The path of a unix socket, or host and port.
    package var server: String
    /// The sender's process: two load tests at once are two senders.
    package var process: Int32?
    /// Requests that came to their end, a second, since the sample before; nil in the first one.
    package var rate: Double?
    /// Requests that came to their end since the sample before.
    package var ended: Int?
    /// Those of them that failed, by kind: what `RequestTotal.failures` counts, and `5xx` for such an answer.
    package var failed: [String: Int]?
    /// Requests under way.
    package var inFlight: Int
    /// Of the answers since the sample before; nil where there was none.
    package var latency: RequestLatency?
    /// Of the answers since the sample before; nil where there was none.
    package var phases: RequestPhases?
    package var total: RequestTotal

    package init(
        sender: String, server: String, rate: Double? = nil, inFlight: Int = 0, latency: RequestLatency? = nil,
        phases: RequestPhases? = nil,
        total: RequestTotal = RequestTotal()
    ) {
        self.sender = sender
        self.server = server
        self.rate = rate
        self.inFlight = inFlight
        self.latency = latency
        self.phases = phases
        self.total = total
    }

    /// What a load test calls itself.
    package static let load = "load"

    /// A load test sends it.
    package var isLoad: Bool { sender == Self.load }

    /// The same sender asks the same server.
    package func isSame(as other: RequestSample) -> Bool {
        sender == other.sender && server == other.server && process == other.process
    }
}

/// Milliseconds from the beginning of a request to the last byte of its answer; to the first byte where the answer is a stream that has
/// no end of its own, such as a followed log.
package struct RequestLatency: Sendable, Equatable, Codable {
    package var median: Double
    package var p90: Double
    package var p99: Double
    package var maximum: Double

    package init(median: Double, p90: Double, p99: Double, maximum: Double) {
        self.median = median
        self.p90 = p90
        self.p99 = p99
        self.maximum = maximum
    }
}

/// Mean milliseconds of a request's phases, one after the other. What did not take place counts as none, so that they add up.
package struct RequestPhases: Sendable, Equatable, Codable {
    /// Looking the server's name up.
    package var dns: Double = 0
    /// Connecting; nothing where a kept connection was used.
    package var connect: Double = 0
    /// Agreeing upon encryption.
    package var tls: Double = 0
    /// Handing the request over, its body included.
    package var send: Double = 0
    /// Until the answer's first byte.
    package var wait: Double = 0
    /// From the answer's first byte to its last.
    package var receive: Double = 0

    package init() {}

    /// Names and values in their order.
    package var all: [(name: String, value: Double)] {
        [("dns", dns), ("connect", connect), ("tls", tls), ("send", send), ("wait", wait), ("receive", receive)]
    }
}

/// Since the sender began to count.
package struct RequestTotal: Sendable, Equatable, Codable {
    /// Answers by class of status: `2xx`.
    package var statuses: [String: Int] = [:]
    /// Requests without a whole answer, by kind: a `TransportError.Kind`, or a `LoadFailure` of a load test.
    package var failures: [String: Int] = [:]
    /// Of all answers; nil before the first.
    package var latency: RequestLatency?
    /// Seconds of all answers together.
    package var seconds: Double = 0
    /// How many answers took no longer than each of `bounds`.
    package var buckets: [Int] = []

    /// Seconds; the usual ones of Prometheus's clients, from half a millisecond on.
    package static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private enum CodingKeys: String, CodingKey {
        case statuses, failures, latency, seconds, buckets
    }

    package init() {}

    /// Whoever wrote it is another process, and may be broken: counts that no program reaches would overflow sums, and buckets that are not
    /// ours mean nothing.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        statuses = try Self.counts(fields, .statuses)
        failures = try Self.counts(fields, .failures)
        latency = try fields.decodeIfPresent(RequestLatency.self, forKey: .latency)
        seconds = try fields.decode(Double.self, forKey: .seconds)
        let buckets = try fields.decode([Int].self, forKey: .buckets)
        self.buckets = buckets.count == Self.bounds.count ? buckets.map(Self.limited) : []
    }

    private static func counts(_ fields: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys) throws -> [String: Int] {
        let counts = try fields.decode([String: Int].self, forKey: key)
        guard counts.count <= 32 else { return [:] }
        return counts.mapValues(limited)
    }

    /// Within what a program can count in a lifetime.
    static func limited(_ count: Int) -> Int { max(0, min(1_000_000_000_000_000, count)) }

    package var answered: Int { statuses.values.reduce(0, +) }
}
