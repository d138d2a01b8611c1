package import Telemetry

/// The counts and latencies of a load test after the warm-up.
package struct LoadTally: Sendable {
    /// Correct responses: from when a request was due (open loop) or sent (closed loop) to the end of its response.
    package var latency = LatencyHistogram()
    /// Correct responses: from when a request really started to the end of its response. Empty in a closed loop, where it would equal `latency`.
    package var service = LatencyHistogram()
    /// Wrong responses, measured like `latency`. They're separate because errors are often quick and would make a failing server look fast.
    package var wrongLatency = LatencyHistogram()
    /// Connecting, for the requests that needed a new connection.
    package var connect = LatencyHistogram()
    /// Passing the request to the system.
    package var send = LatencyHistogram()
    /// Waiting for the response's first byte.
    package var wait = LatencyHistogram()
    /// From the response's first byte to its last.
    package var receive = LatencyHistogram()
    /// How late the generator sent requests although a connection was free: its own error (open loop).
    package var lag = LatencyHistogram()
    /// The responses by status.
    package var statuses: [Int: Int] = [:]
    /// The requests without a response, by kind.
    package var failures: [LoadFailure: Int] = [:]
    /// The system's message for the first failure of each kind.
    package var details: [LoadFailure: String] = [:]
    /// The number of wrong responses.
    package var wrong = 0
    /// The first wrong response.
    package var wrongExample: WrongAnswer?
    /// The correct responses that ended within the measured time.
    package var completed = 0
    /// The received bytes of bodies.
    package var bytes = 0
    /// The requests that were due within the measured time but never sent, because all connections were busy (open loop).
    package var unsent = 0
    /// The requests that were canceled because the test ended.
    package var unfinished = 0

    package init() {}

    /// A wrong response.
    package struct WrongAnswer: Sendable, Equatable {
        package var status: Int
        /// The beginning of the body.
        package var body: [UInt8]
        /// The request that it belongs to.
        package var request: Int
    }

    /// The number of responses, correct or wrong.
    package var answered: Int { statuses.values.reduce(0, +) }
    /// The number of requests without a response.
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

/// The progress of a load test, for a screen.
package struct LoadProgress: Sendable {
    package enum Phase: String, Sendable {
        case warmUp
        case measuring
        /// The test sends no more requests and waits for the last responses.
        case draining
    }

    package var phase: Phase
    /// Seconds since the phase began.
    package var elapsed: Double
    /// The phase's duration in seconds. For `draining`, it's the maximum.
    package var length: Double
    /// Responses per second since the previous update.
    package var rate: Double
    /// Nanoseconds, for the responses since the previous update.
    package var median: Int64?
    package var p99: Int64?
    package var inFlight: Int
    /// The requests that are due and wait for a connection (open loop).
    package var behind: Int
    /// The count so far, without the warm-up.
    package var answered: Int
    package var failed: Int
    package var wrong: Int
    /// The results of its requests, once a second.
    package var requests: RequestSample?
}

/// The result of one load test.
package struct LoadReport: Sendable {
    package var pacing: LoadPlan.Pacing
    /// The duration of the measurement in seconds.
    package var seconds: Double
    package var tally: LoadTally
    /// The number of opened connections, including the warm-up.
    package var connections: Int
    /// The CPU seconds that the generator used during the measurement.
    package var processorSeconds: Double
    /// Whether the test was stopped early.
    package var wasStopped: Bool

    /// Correct responses per second.
    package var throughput: Double { seconds > 0 ? Double(tally.completed) / seconds : 0 }

    /// The CPU microseconds that the generator used for each request. Nil if there was no response.
    package var processorMicroseconds: Double? {
        let count = tally.answered + tally.failed
        return count > 0 ? processorSeconds * 1e6 / Double(count) : nil
    }

    /// True if the generator reached its own limit. Then the results include its own delays.
    package var isGeneratorBusy: Bool { seconds > 0 && processorSeconds / seconds > 0.85 }

    /// Whether all responses were correct.
    package var isFaultless: Bool { tally.failed == 0 && tally.wrong == 0 && tally.answered > 0 }
}
