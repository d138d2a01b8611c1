import LabEngine
import LabSupport
import LoadTest
import Telemetry

/// Load tests as JSON. Durations are in milliseconds; `null` means that there is no value.
enum LoadJSON {
    static func progress(_ look: LoadProgress) -> String { line("progress", Progress(look)) }

    static func summary(_ report: LoadReport, _ subject: LoadSubject, _ share: ServerShare?) -> String {
        line("summary", Pacing(report.pacing), Summary(report, subject, share))
    }

    /// One load of a sweep.
    static func level(_ report: LoadReport, _ level: LoadSweep.Level) -> String { line("level", Pacing(report.pacing), Level(level)) }

    /// The outcome of a sweep.
    static func knee(_ knee: LoadSweep.Knee, _ levels: [LoadSweep.Level], isRate: Bool, wasStopped: Bool) -> String {
        var sweep = Sweep(mode: isRate ? "rate" : "concurrency", knee: "none", stopped: wasStopped)
        switch knee {
        case .at(let index):
            sweep.knee = "at"
            sweep.kneeLevel = Level(levels[index], load: levels[index].load)
        case .beyond: sweep.knee = "beyond"
        case .none: break
        }
        return line("sweep", sweep)
    }

    private static func line(_ kind: String, _ value: some Encodable) -> String {
        JSONText.line(Kind(kind: kind), value, names: .snakeCase)
    }

    private static func line(_ kind: String, _ pacing: Pacing, _ value: some Encodable) -> String {
        JSONText.line(Kind(kind: kind), pacing, value, names: .snakeCase)
    }
}

private struct Kind: Encodable {
    var kind: String
}

private struct Progress: Encodable {
    var phase: String
    var elapsedS: Double
    var answersPerS: Double
    @OrNull var p50Ms: Double?
    @OrNull var p99Ms: Double?
    var inFlight: Int
    var behind: Int
    var answered: Int
    var failed: Int
    var wrong: Int

    init(_ look: LoadProgress) {
        phase = look.phase.rawValue
        elapsedS = rounded(look.elapsed)
        answersPerS = rounded(look.rate)
        p50Ms = milliseconds(look.median)
        p99Ms = milliseconds(look.p99)
        inFlight = look.inFlight
        behind = look.behind
        answered = look.answered
        failed = look.failed
        wrong = look.wrong
    }
}

/// How requests are sent. Only the members of the mode exist.
private struct Pacing: Encodable {
    var mode: String
    var concurrency: Int?
    var rate: Double?
    var connections: Int?

    init(_ pacing: LoadPlan.Pacing) {
        switch pacing {
        case .concurrency(let count):
            mode = "concurrency"
            concurrency = count
        case .rate(let perSecond, let count):
            mode = "rate"
            rate = perSecond
            connections = count
        }
    }
}

private struct Summary: Encodable {
    var target: String
    var seconds: Double
    var stopped: Bool
    var answered: Int
    var rightPerS: Double
    var bodyBytes: Int
    var statuses: [String: Int]
    var failures: [String: Int]
    var wrong: Int
    var unsent: Int
    var unfinished: Int
    @OrNull var latencyMs: [String: Double?]?
    var latencyFrom: String
    @OrNull var sentLatencyMs: [String: Double?]?
    @OrNull var wrongLatencyMs: [String: Double?]?
    var phasesMs: Phases
    var histogram: [Band]
    @OrNull var server: Server?
    var connectionsOpened: Int
    var generator: Generator

    init(_ report: LoadReport, _ subject: LoadSubject, _ share: ServerShare?) {
        let tally = report.tally
        let isOpenLoop = if case .rate = report.pacing { true } else { false }
        target = subject.title
        seconds = rounded(report.seconds)
        stopped = report.wasStopped
        answered = tally.answered
        rightPerS = rounded(report.throughput)
        bodyBytes = tally.bytes
        statuses = Dictionary(uniqueKeysWithValues: tally.statuses.map { (String($0.key), $0.value) })
        failures = Dictionary(uniqueKeysWithValues: tally.failures.map { ($0.key.rawValue, $0.value) })
        wrong = tally.wrong
        unsent = tally.unsent
        unfinished = tally.unfinished
        latencyMs = distribution(tally.latency)
        latencyFrom = isOpenLoop ? "due" : "sent"
        sentLatencyMs = distribution(isOpenLoop ? tally.service : tally.latency)
        wrongLatencyMs = distribution(tally.wrongLatency)
        phasesMs = Phases(tally, lookup: subject.target.lookup)
        histogram = tally.latency.bands.map { Band(upToMs: Double($0.upTo) / 1e6, count: Int($0.count)) }
        server = share.map { Server($0) }
        connectionsOpened = report.connections
        generator = Generator(report)
    }

    struct Phases: Encodable {
        var lookup: Double
        @OrNull var connect: [String: Double?]?
        @OrNull var send: [String: Double?]?
        @OrNull var wait: [String: Double?]?
        @OrNull var receive: [String: Double?]?

        init(_ tally: LoadTally, lookup seconds: Double) {
            lookup = rounded(seconds * 1000)
            connect = distribution(tally.connect)
            send = distribution(tally.send)
            wait = distribution(tally.wait)
            receive = distribution(tally.receive)
        }
    }

    struct Band: Encodable {
        var upToMs: Double
        var count: Int
    }

    struct Server: Encodable {
        var requests: Int
        var meanMs: Double
        var queueMs: Double
        var workerMs: Double

        init(_ share: ServerShare) {
            requests = share.requests
            meanMs = rounded(share.total / 1000)
            queueMs = rounded(share.queue / 1000)
            workerMs = rounded(share.worker / 1000)
        }
    }

    struct Generator: Encodable {
        @OrNull var cpuUsPerRequest: Double?
        var cpuS: Double
        var atItsLimit: Bool
        @OrNull var lagMs: [String: Double?]?

        init(_ report: LoadReport) {
            cpuUsPerRequest = report.processorMicroseconds.map { rounded($0) }
            cpuS = rounded(report.processorSeconds)
            atItsLimit = report.isGeneratorBusy
            lagMs = distribution(report.tally.lag)
        }
    }
}

private struct Level: Encodable {
    /// Only within the outcome: the line of a level has its pacing.
    var load: Double?
    var rightPerS: Double
    @OrNull var p50Ms: Double?
    @OrNull var p99Ms: Double?
    var faults: Double

    init(_ level: LoadSweep.Level, load: Double? = nil) {
        self.load = load
        rightPerS = rounded(level.throughput)
        p50Ms = milliseconds(level.median)
        p99Ms = milliseconds(level.p99)
        faults = rounded(level.faults)
    }
}

private struct Sweep: Encodable {
    var mode: String
    var knee: String
    @OrNull var kneeLevel: Level?
    var stopped: Bool
}

/// The mean, the maximum and the percentiles of a histogram. A percentile that too few values support is nil.
private func distribution(_ histogram: LatencyHistogram) -> [String: Double?]? {
    guard histogram.count > 0 else { return nil }
    var members: [String: Double?] = [
        "count": Double(histogram.count), "mean": milliseconds(histogram.mean), "max": milliseconds(histogram.maximum),
    ]
    for percent in LoadSummary.percents {
        let name = percent == percent.rounded() ? "p\(Int(percent))" : "p" + String(percent).filter { $0 != "." }
        members.updateValue(histogram.supports(percent) ? milliseconds(histogram.percentile(percent)) : nil, forKey: name)
    }
    return members
}

private func milliseconds(_ nanoseconds: Int64?) -> Double? { milliseconds(nanoseconds.map(Double.init)) }

private func milliseconds(_ nanoseconds: Double?) -> Double? { nanoseconds.map { rounded($0 / 1e6) } }

/// To a tenth of a microsecond. More digits would only look precise.
private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
