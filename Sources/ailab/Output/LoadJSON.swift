import LabEngine
import LabSupport
import LoadTest
import Telemetry

/// Load tests as JSON: durations in milliseconds, `null` where there is nothing to tell.
enum LoadJSON {
    static func progress(_ look: LoadProgress) -> String {
        line(
            "progress",
            [
                ("phase", .text(look.phase.rawValue)), ("elapsed_s", .number(rounded(look.elapsed))),
                ("answers_per_s", .number(rounded(look.rate))),
                ("p50_ms", milliseconds(look.median)), ("p99_ms", milliseconds(look.p99)), ("in_flight", .number(Double(look.inFlight))),
                ("behind", .number(Double(look.behind))), ("answered", .number(Double(look.answered))),
                ("failed", .number(Double(look.failed))), ("wrong", .number(Double(look.wrong))),
            ])
    }

    static func summary(_ report: LoadReport, _ subject: LoadSubject, _ share: ServerShare?) -> String {
        let tally = report.tally
        let mode: [(String, JSONValue)] = pacing(report.pacing)
        return line(
            "summary",
            [("target", .text(subject.title))] + mode + [
                ("seconds", .number(rounded(report.seconds))), ("stopped", .flag(report.wasStopped)),
                ("answered", .number(Double(tally.answered))),
                ("right_per_s", .number(rounded(report.throughput))), ("body_bytes", .number(Double(tally.bytes))),
                ("statuses", .object(Dictionary(uniqueKeysWithValues: tally.statuses.map { (String($0.key), .number(Double($0.value))) }))),
                (
                    "failures",
                    .object(Dictionary(uniqueKeysWithValues: tally.failures.map { ($0.key.rawValue, .number(Double($0.value))) }))
                ),
                ("wrong", .number(Double(tally.wrong))), ("unsent", .number(Double(tally.unsent))),
                ("unfinished", .number(Double(tally.unfinished))),
                ("latency_ms", distribution(tally.latency)), ("latency_from", .text(isOpenLoop(report) ? "due" : "sent")),
                ("sent_latency_ms", distribution(isOpenLoop(report) ? tally.service : tally.latency)),
                ("wrong_latency_ms", distribution(tally.wrongLatency)), ("phases_ms", phases(report, subject)),
                ("histogram", bands(tally.latency)), ("server", server(share)),
                ("connections_opened", .number(Double(report.connections))),
                ("generator", generator(report)),
            ])
    }

    static func level(_ report: LoadReport, _ level: LoadSweep.Level) -> String { line("level", pacing(report.pacing) + members(level)) }

    static func knee(_ knee: LoadSweep.Knee, _ levels: [LoadSweep.Level], isRate: Bool, wasStopped: Bool) -> String {
        let place: (String, JSONValue) =
            switch knee {
            case .at(let index):
                ("at", .object(Dictionary(uniqueKeysWithValues: [("load", .number(levels[index].load))] + members(levels[index]))))
            case .beyond: ("beyond", .null)
            case .none: ("none", .null)
            }
        return line(
            "sweep",
            [
                ("mode", .text(isRate ? "rate" : "concurrency")), ("knee", .text(place.0)), ("knee_level", place.1),
                ("stopped", .flag(wasStopped)),
            ])
    }

    private static func line(_ kind: String, _ members: [(String, JSONValue)]) -> String {
        JSONText.object([("schema", .number(1)), ("kind", .text(kind))] + members)
    }

    private static func isOpenLoop(_ report: LoadReport) -> Bool { if case .rate = report.pacing { true } else { false } }

    private static func pacing(_ pacing: LoadPlan.Pacing) -> [(String, JSONValue)] {
        switch pacing {
        case .concurrency(let count): [("mode", .text("concurrency")), ("concurrency", .number(Double(count)))]
        case .rate(let rate, let connections):
            [("mode", .text("rate")), ("rate", .number(rate)), ("connections", .number(Double(connections)))]
        }
    }

    private static func members(_ level: LoadSweep.Level) -> [(String, JSONValue)] {
        [
            ("right_per_s", .number(rounded(level.throughput))), ("p50_ms", milliseconds(level.median)),
            ("p99_ms", milliseconds(level.p99)), ("faults", .number(rounded(level.faults))),
        ]
    }

    private static func distribution(_ histogram: LatencyHistogram) -> JSONValue {
        guard histogram.count > 0 else { return .null }
        var members: [String: JSONValue] = [
            "count": .number(Double(histogram.count)), "mean": milliseconds(histogram.mean), "max": milliseconds(histogram.maximum),
        ]
        for percent in LoadSummary.percents {
            let name = percent == percent.rounded() ? "p\(Int(percent))" : "p" + String(percent).filter { $0 != "." }
            members[name] = histogram.supports(percent) ? milliseconds(histogram.percentile(percent)) : .null
        }
        return .object(members)
    }

    private static func phases(_ report: LoadReport, _ subject: LoadSubject) -> JSONValue {
        .object([
            "lookup": .number(rounded(subject.target.lookup * 1000)), "connect": distribution(report.tally.connect),
            "send": distribution(report.tally.send), "wait": distribution(report.tally.wait), "receive": distribution(report.tally.receive),
        ])
    }

    private static func bands(_ histogram: LatencyHistogram) -> JSONValue {
        .list(histogram.bands.map { .object(["up_to_ms": .number(Double($0.upTo) / 1e6), "count": .number(Double($0.count))]) })
    }

    private static func server(_ share: ServerShare?) -> JSONValue {
        guard let share else { return .null }
        return .object([
            "requests": .number(Double(share.requests)), "mean_ms": .number(rounded(share.total / 1000)),
            "queue_ms": .number(rounded(share.queue / 1000)), "worker_ms": .number(rounded(share.worker / 1000)),
        ])
    }

    private static func generator(_ report: LoadReport) -> JSONValue {
        .object([
            "cpu_us_per_request": report.processorMicroseconds.map { .number(rounded($0)) } ?? .null,
            "cpu_s": .number(rounded(report.processorSeconds)), "at_its_limit": .flag(report.isGeneratorBusy),
            "lag_ms": distribution(report.tally.lag),
        ])
    }

    private static func milliseconds(_ nanoseconds: Int64?) -> JSONValue { milliseconds(nanoseconds.map(Double.init)) }

    private static func milliseconds(_ nanoseconds: Double?) -> JSONValue { nanoseconds.map { .number(rounded($0 / 1e6)) } ?? .null }

    /// To the tenth of a microsecond: more digits would only look exact.
    private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
