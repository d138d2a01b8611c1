/// The requests from one ailab process to one server, and their results.
package struct RequestSample: Sendable, Equatable, Codable {
    /// The program: `run 7`, `load`, `top`, or `ailab` for the walkthrough.
    package var sender: String
    /// The path of a Unix socket, or host and port.
    package var server: String
    /// The sender's PID, so that two load tests at the same time are two senders.
    package var process: Int32?
    /// Finished requests per second since the previous sample. Nil in the first one.
    package var rate: Double?
    /// Finished requests since the previous sample.
    package var ended: Int?
    /// The finished requests that failed, by kind: the kinds of `RequestTotal.failures`, and `5xx` for such a response.
    package var failed: [String: Int]?
    /// Requests in flight.
    package var inFlight: Int
    /// For the responses since the previous sample. Nil if there was none.
    package var latency: RequestLatency?
    /// For the responses since the previous sample. Nil if there was none.
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

    /// The name that a load test uses.
    package static let load = "load"

    /// True if a load test sends the requests.
    package var isLoad: Bool { sender == Self.load }

    /// True if sender and server are the same.
    package func isSame(as other: RequestSample) -> Bool {
        sender == other.sender && server == other.server && process == other.process
    }
}

/// Milliseconds from the beginning of a request to the last byte of its response. For an endless stream, such as a followed log, to the first
/// byte.
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

/// The mean milliseconds of a request's phases, in order. A phase that didn't take place counts as 0, so that the phases add up.
package struct RequestPhases: Sendable, Equatable, Codable {
    /// Resolving the server's name.
    package var dns: Double = 0
    /// Connecting, or 0 if a connection was reused.
    package var connect: Double = 0
    /// The TLS handshake.
    package var tls: Double = 0
    /// Sending the request, including its body.
    package var send: Double = 0
    /// Waiting for the response's first byte.
    package var wait: Double = 0
    /// From the response's first byte to its last.
    package var receive: Double = 0

    package init() {}

    /// The names and values, in order.
    package var all: [(name: String, value: Double)] {
        [("dns", dns), ("connect", connect), ("tls", tls), ("send", send), ("wait", wait), ("receive", receive)]
    }
}

/// The totals since the sender began to count.
package struct RequestTotal: Sendable, Equatable, Codable {
    /// The responses by class of status, such as `2xx`.
    package var statuses: [String: Int] = [:]
    /// The requests without a complete response, by kind: a `TransportError.Kind`, or a `LoadFailure` of a load test.
    package var failures: [String: Int] = [:]
    /// For all responses. Nil before the first.
    package var latency: RequestLatency?
    /// The sum of all responses' seconds.
    package var seconds: Double = 0
    /// How many responses took at most each of `bounds`.
    package var buckets: [Int] = []

    /// The bounds in seconds: the usual ones of Prometheus clients, from half a millisecond.
    package static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private enum CodingKeys: String, CodingKey {
        case statuses, failures, latency, seconds, buckets
    }

    package init() {}

    /// Another process wrote this and may be faulty. This limits counts, which could overflow sums, and drops buckets that aren't ours.
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

    /// Limits a number to what a program can count in its lifetime.
    static func limited(_ count: Int) -> Int { max(0, min(1_000_000_000_000_000, count)) }

    package var answered: Int { statuses.values.reduce(0, +) }
}
