package import Telemetry

/// What was counted and measured between the end of the warm-up and the end of a load test.
package struct LoadTally: Sendable {
    /// Right answers: from when a request was due (open loop) or sent (closed loop) to the end of its answer.
    package var latency = LatencyHistogram()
    /// Right answers: from when a request was really begun to the end of its answer; in a closed loop the same, and empty.
    package var service = LatencyHistogram()
    /// Wrong answers, as `latency`: a refusal is often quick, and would make a server look fast that serves nobody.
    package var wrongLatency = LatencyHistogram()
    /// Connecting, for the requests that had to.
    package var connect = LatencyHistogram()
    /// Handing the request to the system.
    package var send = LatencyHistogram()
    /// Until the answer's first byte.
    package var wait = LatencyHistogram()
    /// From the answer's first byte to its last.
    package var receive = LatencyHistogram()
    /// How late requests were sent by the generator itself while a connection was free: its own error (open loop).
    package var lag = LatencyHistogram()
    /// Answers by status.
    package var statuses: [Int: Int] = [:]
    /// Requests without an answer.
    package var failures: [LoadFailure: Int] = [:]
    /// What the system said about the first failure of each kind.
    package var details: [LoadFailure: String] = [:]
    /// Answers that are not as expected.
    package var wrong = 0
    /// The first of them.
    package var wrongExample: WrongAnswer?
    /// Right answers that came to their end within the time measured.
    package var completed = 0
    /// Bytes of bodies received.
    package var bytes = 0
    /// Requests that were due within the time measured and never sent, because every connection was busy (open loop).
    package var unsent = 0
    /// Requests that were given up because the test was ended.
    package var unfinished = 0

    package init() {}

    /// An answer that was not the expected one.
    package struct WrongAnswer: Sendable, Equatable {
        package var status: Int
        /// The beginning of the body.
        package var body: [UInt8]
        /// Which of the requests it answers.
        package var request: Int
    }

    /// Requests that were answered, rightly or wrongly.
    package var answered: Int { statuses.values.reduce(0, +) }
    /// Requests that got no answer.
    package var failed: Int { failures.values.reduce(0, +) }

    mutating func recordFailure(_ failure: LoadFailure, detail: String?) {
        failures[failure, default: 0] += 1
        if details[failure] == nil { details[failure] = detail }
    }

    mutating func recordRight(_ outcome: LoadOutcome, due: Int64, isOpenLoop: Bool) {
        recordAnswer(outcome)
        latency.record(outcome.end - due)
        if isOpenLoop { service.record(outcome.end - outcome.start) }
    }

    mutating func recordWrong(_ outcome: LoadOutcome, due: Int64, body: [UInt8]) {
        recordAnswer(outcome)
        wrong += 1
        wrongLatency.record(outcome.end - due)
        guard wrongExample == nil else { return }
        wrongExample = WrongAnswer(status: outcome.status, body: Array(body.prefix(400)), request: outcome.request)
    }

    private mutating func recordAnswer(_ outcome: LoadOutcome) {
        let begun = outcome.connected == 0 ? outcome.start : outcome.connected
        if outcome.connected != 0 { connect.record(outcome.connected - outcome.start) }
        send.record(outcome.sent - begun)
        wait.record(outcome.firstByte - outcome.sent)
        receive.record(outcome.end - outcome.firstByte)
        statuses[outcome.status, default: 0] += 1
        bytes += outcome.received
    }
}

/// How a load test stands, for a screen.
package struct LoadProgress: Sendable {
    package enum Phase: String, Sendable {
        case warmUp
        case measuring
        /// Nothing is sent any more; the last answers are waited for.
        case draining
    }

    package var phase: Phase
    /// Seconds since this phase began.
    package var elapsed: Double
    /// Seconds that it takes; the longest where it is `draining`.
    package var length: Double
    /// Answers a second since the last look.
    package var rate: Double
    /// Nanoseconds, of the answers since the last look.
    package var median: Int64?
    package var p99: Int64?
    package var inFlight: Int
    /// Requests that are due and wait for a connection (open loop).
    package var behind: Int
    /// Counted so far, warm-up left out.
    package var answered: Int
    package var failed: Int
    package var wrong: Int
    /// How its requests fare, once a second.
    package var requests: RequestSample?
}

/// The result of one load test.
package struct LoadReport: Sendable {
    package var pacing: LoadPlan.Pacing
    /// Seconds that were measured.
    package var seconds: Double
    package var tally: LoadTally
    /// Connections opened, warm-up included.
    package var connections: Int
    /// Processor seconds that the generator used while it measured.
    package var processorSeconds: Double
    /// Whether it was ended before its time.
    package var wasStopped: Bool

    /// Right answers a second.
    package var throughput: Double { seconds > 0 ? Double(tally.completed) / seconds : 0 }

    /// Microseconds of processor time that the generator used for a request; nil where none was answered.
    package var processorMicroseconds: Double? {
        let count = tally.answered + tally.failed
        return count > 0 ? processorSeconds * 1e6 / Double(count) : nil
    }

    /// The generator itself was at its limit: what was measured is its own slowness too.
    package var isGeneratorBusy: Bool { seconds > 0 && processorSeconds / seconds > 0.85 }

    /// Whether every request was answered rightly.
    package var isFaultless: Bool { tally.failed == 0 && tally.wrong == 0 && tally.answered > 0 }
}
