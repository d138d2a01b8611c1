import CSystem
import Glibc
import Telemetry

/// One load test on one thread. Decides when the next request is due, sends it through a wire, and counts the result.
final class LoadLoop: LoadReceiver {
    private static let tickLength: Int64 = 20_000_000
    private static let progressEvery: Int64 = 250_000_000
    private static let postEvery: Int64 = 1_000_000_000
    /// How long a connection pauses after a failure in a closed loop, so that a dead server doesn't get millions of requests.
    private static let rest: Int64 = 100_000_000
    private static let eventCapacity = 256
    static let bell: UInt64 = .max

    /// How a test ends before its time.
    enum Ending: UInt8 {
        case atOnce = 1
        /// When what was sent has its answers.
        case afterAnswers = 2
    }

    private let plan: LoadPlan
    private let epoll: Int32
    private let wire: any LoadWire
    private let heard: () -> Ending
    private let report: (LoadProgress) -> Void
    private let isOpenLoop: Bool
    private let nanosecondsPerRequest: Double

    private var judge: AnswerJudge
    private var tally = LoadTally()
    private var free: [Int]
    private var resting: [(slot: Int, until: Int64)] = []
    /// When each slot's request was due. Nil if the slot has no request.
    private var due: [Int64?]
    private var deadlines: [Int64]
    private var inFlight = 0
    private var sent = 0
    private var isBehind = false
    private var isStopped = false

    private var start: Int64 = 0
    private var windowStart: Int64 = 0
    private var windowEnd: Int64 = 0
    private var processorAtStart: Int64 = 0
    private var processorAtEnd: Int64?
    private var recent = LatencyHistogram()
    private var requests = RequestTally()
    private var lastPost: Int64 = 0
    private var lastLook: Int64 = 0

    /// `heard` says what the bell means.
    init(
        _ plan: LoadPlan, wire: any LoadWire, epoll: Int32, judge: AnswerJudge, heard: @escaping () -> Ending,
        report: @escaping (LoadProgress) -> Void
    ) {
        self.plan = plan
        self.wire = wire
        self.epoll = epoll
        self.judge = judge
        self.heard = heard
        self.report = report
        let count = plan.pacing.connections
        free = Array((0..<count).reversed())
        due = Array(repeating: nil, count: count)
        deadlines = Array(repeating: 0, count: count)
        if case .rate(let rate, _) = plan.pacing {
            isOpenLoop = true
            nanosecondsPerRequest = 1e9 / rate
        } else {
            isOpenLoop = false
            nanosecondsPerRequest = 0
        }
    }

    /// Runs until the plan is finished, or until the bell rings.
    func run() -> LoadReport {
        wire.receiver = self
        start = LoadClock.now
        windowStart = start + Int64(plan.warmUp * 1e9)
        windowEnd = windowStart + Int64(plan.duration * 1e9)
        lastLook = start
        var nextTick = start
        var now = start
        processorAtStart = LoadClock.threadTime
        var tokens = [UInt64](repeating: 0, count: Self.eventCapacity)
        var readiness = [Int32](repeating: 0, count: Self.eventCapacity)
        while !isOver(now) {
            dispatch(now)
            let wake = min(nextTick, wire.alarm ?? .max, nextDue ?? .max)
            let count = cs_epoll_wait(epoll, &tokens, &readiness, Int32(Self.eventCapacity), max(0, wake - LoadClock.now))
            for index in 0..<max(0, Int(count)) {
                if tokens[index] == Self.bell { answerBell() } else { wire.ready(tokens[index], readiness[index]) }
            }
            now = LoadClock.now
            if let alarm = wire.alarm, alarm <= now { wire.tick() }
            if now >= nextTick {
                tick(now)
                nextTick = now + Self.tickLength
            }
        }
        return finish()
    }

    // MARK: - Sending

    private var mayStillSend: Bool { !isStopped && sent < plan.requestLimit ?? .max }

    private func isOver(_ now: Int64) -> Bool {
        if isStopped { return true }
        return inFlight == 0 && (now >= windowEnd || !mayStillSend)
    }

    /// When to send the next request, if that's neither now nor after a response.
    private var nextDue: Int64? {
        guard isOpenLoop, mayStillSend, !free.isEmpty else { return nil }
        let time = dueTime(sent)
        return time < windowEnd ? time : nil
    }

    private func dueTime(_ index: Int) -> Int64 { start + Int64(Double(index) * nanosecondsPerRequest) }

    private func dispatch(_ now: Int64) {
        guard now < windowEnd else { return }
        if isOpenLoop { return dispatchDue() }
        while mayStillSend, let slot = free.popLast() { begin(slot, due: LoadClock.now) }
    }

    private func dispatchDue() {
        while mayStillSend {
            let time = dueTime(sent)
            guard time < windowEnd, time <= LoadClock.now else {
                isBehind = false
                return
            }
            guard let slot = free.popLast() else {
                isBehind = true
                return
            }
            if !isBehind, time >= windowStart { tally.lag.record(LoadClock.now - time) }
            begin(slot, due: time)
        }
    }

    private func begin(_ slot: Int, due time: Int64) {
        due[slot] = time
        deadlines[slot] = LoadClock.now + Int64(plan.timeout * 1e9)
        inFlight += 1
        requests.begin()
        let request = sent % plan.requests.count
        sent += 1
        wire.begin(slot, request: request)
    }

    // MARK: - Counting

    func finished(_ outcome: LoadOutcome, body: [UInt8]) {
        guard let time = due[outcome.slot] else { return }
        due[outcome.slot] = nil
        inFlight -= 1
        if outcome.failure != nil, !isOpenLoop {
            resting.append((outcome.slot, outcome.end + Self.rest))
        } else {
            free.append(outcome.slot)
        }
        requests.count(outcome, due: time)
        guard !isStopped || outcome.failure == nil else {
            if time >= windowStart { tally.unfinished += 1 }
            return
        }
        if let failure = outcome.failure {
            if time >= windowStart { tally.recordFailure(failure, detail: outcome.detail) }
            return
        }
        let isRight = judge.judge(outcome.request, status: outcome.status, body: body)
        recent.record(outcome.end - time)
        if isRight, outcome.end >= windowStart, outcome.end < windowEnd { tally.completed += 1 }
        guard time >= windowStart else { return }
        if isRight {
            tally.recordRight(outcome, due: time, isOpenLoop: isOpenLoop)
        } else {
            tally.recordWrong(outcome, due: time, body: body)
        }
    }

    // MARK: - Time

    private func tick(_ now: Int64) {
        for slot in due.indices where due[slot] != nil && deadlines[slot] <= now { wire.abandon(slot, .timeout) }
        if !resting.isEmpty {
            free += resting.filter { $0.until <= now }.map(\.slot)
            resting.removeAll { $0.until <= now }
        }
        if now < windowStart { processorAtStart = LoadClock.threadTime }
        if now >= windowEnd, processorAtEnd == nil { processorAtEnd = LoadClock.threadTime }
        if now - lastLook >= Self.progressEvery { look(now) }
    }

    private func look(_ now: Int64) {
        let phase: LoadProgress.Phase = now < windowStart ? .warmUp : now < windowEnd ? .measuring : .draining
        let begin = phase == .warmUp ? start : phase == .measuring ? windowStart : windowEnd
        let length = phase == .warmUp ? plan.warmUp : phase == .measuring ? plan.duration : plan.timeout
        var behind = 0
        if isOpenLoop, now > start {
            behind = max(0, Int(Double(min(now, windowEnd) - start) / nanosecondsPerRequest) - sent)
        }
        report(
            LoadProgress(
                phase: phase, elapsed: Double(now - begin) / 1e9, length: length,
                rate: Double(recent.count) / (Double(now - lastLook) / 1e9), median: recent.percentile(50), p99: recent.percentile(99),
                inFlight: inFlight, behind: behind, answered: tally.answered, failed: tally.failed, wrong: tally.wrong, requests: post(now))
        )
        recent.reset()
        lastLook = now
    }

    /// The results of the requests of the last second. Nil until the second is over.
    private func post(_ now: Int64) -> RequestSample? {
        guard now - lastPost >= Self.postEvery else { return nil }
        lastPost = now
        return requests.sample(sender: RequestSample.load, server: plan.target.authority, at: TelemetryClock.monotonic())
    }

    private func answerBell() {
        switch heard() {
        case .atOnce: stop()
        case .afterAnswers:
            let now = LoadClock.now
            windowStart = min(windowStart, now)
            windowEnd = min(windowEnd, now)
        }
    }

    /// Ends the test at once and cancels the requests in flight.
    private func stop() {
        guard !isStopped else { return }
        let now = LoadClock.now
        isStopped = true
        windowStart = min(windowStart, now)
        windowEnd = min(windowEnd, now)
        for slot in due.indices where due[slot] != nil { wire.abandon(slot, .other) }
    }

    private func finish() -> LoadReport {
        countUnsent()
        let processor = (processorAtEnd ?? LoadClock.threadTime) - processorAtStart
        let end = plan.requestLimit == nil ? windowEnd : LoadClock.now
        return LoadReport(
            pacing: plan.pacing, seconds: max(0, Double(end - windowStart) / 1e9), tally: tally, connections: wire.opened,
            processorSeconds: Double(processor) / 1e9, wasStopped: isStopped)
    }

    /// Adds requests that were due but never sent, with the time that they waited until the end. Without them, a server that can't keep up
    /// would look better the slower it is.
    private func countUnsent() {
        guard isOpenLoop, plan.requestLimit == nil else { return }
        var index = sent
        while true {
            let time = dueTime(index)
            guard time < windowEnd else { return }
            if time >= windowStart {
                tally.unsent += 1
                tally.latency.record(windowEnd - time)
            }
            index += 1
        }
    }
}

extension RequestTally {
    /// Counts one request of a load test, with the time since it was due.
    fileprivate mutating func count(_ outcome: LoadOutcome, due: Int64) {
        if let failure = outcome.failure { return failed(failure.rawValue) }
        let begun = outcome.connected == 0 ? outcome.start : outcome.connected
        var phases = Phases()
        phases.connect = begun - outcome.start
        phases.send = outcome.sent - begun
        phases.wait = outcome.firstByte - outcome.sent
        phases.receive = outcome.end - outcome.firstByte
        answered(outcome.status, phases, latency: outcome.end - due)
    }
}
