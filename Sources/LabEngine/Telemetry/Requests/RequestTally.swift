import Glibc
import HTTPTransport

/// Counts the results of the requests to one server. Only one thread may use it at a time.
package struct RequestTally {
    /// The nanoseconds of each phase.
    package struct Phases {
        var dns: Int64 = 0
        package var connect: Int64 = 0
        var tls: Int64 = 0
        package var send: Int64 = 0
        package var wait: Int64 = 0
        package var receive: Int64 = 0

        package init() {}

        var sum: Int64 { dns + connect + tls + send + wait + receive }

        static func += (total: inout Phases, one: Phases) {
            total.dns += one.dns
            total.connect += one.connect
            total.tls += one.tls
            total.send += one.send
            total.wait += one.wait
            total.receive += one.receive
        }
    }

    /// The responses with a server error.
    private static let refusal = "5xx"

    private(set) var inFlight = 0
    private var ended = 0
    private var wrong: [String: Int] = [:]
    /// The latencies of the responses since the previous sample.
    private var recent = LatencyHistogram(.coarse)
    private var phases = Phases()
    private var all = LatencyHistogram(.coarse)
    private var total = RequestTotal()
    private var lastLook: Double?

    package init() {}

    package mutating func begin() { inFlight += 1 }

    /// Counts a response. `latency` is in nanoseconds, by default the sum of the phases.
    package mutating func answered(_ status: Int, _ one: Phases, latency: Int64? = nil) {
        end()
        let length = latency ?? one.sum
        recent.record(length)
        all.record(length)
        phases += one
        total.seconds += Double(length) / 1e9
        let kind = "\(max(0, status) / 100)xx"
        total.statuses[kind, default: 0] += 1
        if kind == Self.refusal { wrong[kind, default: 0] += 1 }
    }

    /// Counts a request without a complete response.
    package mutating func failed(_ kind: String) {
        end()
        total.failures[kind, default: 0] += 1
        wrong[kind, default: 0] += 1
    }

    /// Counts a request that the caller canceled, which isn't a failure.
    mutating func abandoned() { end() }

    private mutating func end() {
        // A request that began before counting isn't in the number of requests in flight.
        inFlight = max(0, inFlight - 1)
        ended += 1
    }

    /// The counts since the previous sample, and in total.
    package mutating func sample(sender: String, server: String, at time: Double) -> RequestSample {
        var sample = RequestSample(sender: sender, server: server, inFlight: inFlight)
        sample.process = getpid()
        sample.ended = ended
        sample.failed = wrong
        if let lastLook, time > lastLook { sample.rate = (Double(ended) / (time - lastLook)).rounded(to: 2) }
        sample.latency = recent.summary
        if recent.count > 0 { sample.phases = RequestPhases(phases, count: recent.count) }
        sample.total = total
        sample.total.seconds = total.seconds.rounded(to: 6)
        sample.total.latency = all.summary
        sample.total.buckets = all.counts(upTo: RequestTotal.bounds.map { Int64($0 * 1e9) })
        ended = 0
        wrong = [:]
        phases = Phases()
        recent.reset()
        lastLook = time
        return sample
    }
}

extension RequestTally.Phases {
    /// Nil if nothing was measured. The time after a stream's first byte is the stream's duration, so it doesn't count.
    init(_ timings: TransferTimings, isStream: Bool) {
        func length(_ from: Duration, _ to: Duration) -> Int64 { max(0, (to - from).nanoseconds) }
        dns = timings.nameLookup.nanoseconds
        connect = length(timings.nameLookup, timings.connect)
        tls = length(timings.connect, timings.secured)
        // The time between connecting and the request counts as sending.
        send = length(timings.secured, timings.sent)
        wait = length(timings.sent, timings.firstByte)
        receive = isStream ? 0 : length(timings.firstByte, timings.total)
    }
}

extension RequestPhases {
    /// The means in milliseconds.
    fileprivate init(_ sums: RequestTally.Phases, count: Int) {
        self.init()
        func mean(_ nanoseconds: Int64) -> Double { (Double(nanoseconds) / Double(count) / 1e6).rounded(to: 3) }
        dns = mean(sums.dns)
        connect = mean(sums.connect)
        tls = mean(sums.tls)
        send = mean(sums.send)
        wait = mean(sums.wait)
        receive = mean(sums.receive)
    }
}

extension LatencyHistogram {
    /// In milliseconds. Nil if nothing was recorded.
    fileprivate var summary: RequestLatency? {
        guard let maximum else { return nil }
        func milliseconds(_ nanoseconds: Int64) -> Double { (Double(nanoseconds) / 1e6).rounded(to: 3) }
        // The end of a histogram's band may exceed the maximum.
        func at(_ percent: Double) -> Double { milliseconds(min(maximum, percentile(percent) ?? maximum)) }
        return RequestLatency(median: at(50), p90: at(90), p99: at(99), maximum: milliseconds(maximum))
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
