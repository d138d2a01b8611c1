import LabEngine
import LabSupport
import LabTUI
import LoadTest
import Telemetry

/// The result of one load test as lines for a person.
struct LoadSummary {
    private let report: LoadReport
    private let subject: LoadSubject
    private let share: ServerShare?
    private let words = Words(language: Console.language)

    /// The percentiles that are shown.
    static let percents = [50, 75, 90, 95, 99, 99.9, 99.99]
    private static let labelWidth = 16
    private static let columnWidth = 14
    private static let barWidth = 40

    init(_ report: LoadReport, _ subject: LoadSubject, _ share: ServerShare?) {
        self.report = report
        self.subject = subject
        self.share = share
    }

    private var tally: LoadTally { report.tally }
    private var isOpenLoop: Bool { if case .rate = report.pacing { true } else { false } }

    var lines: [String] {
        var lines = head
        guard tally.latency.count + tally.wrongLatency.count > 0 else {
            return lines + ["", words.pick("No responses, so no latency.", "没有任何响应，因此没有延迟数据。")]
        }
        lines += [""] + latency + [""] + phases + [""] + bands + [""] + remarks.flatMap { Prose.wrapped($0, indent: 2) }
        return lines
    }

    private func row(_ label: String, _ value: String) -> String { "  " + Figure.left(label, Self.labelWidth) + value }

    private var head: [String] {
        let stopped = report.wasStopped ? words.pick(" (ended early)", "（提前结束）") : ""
        let title = Style.bold(subject.title) + "  \(words.listed([words.pacing(report.pacing), words.seconds(report.seconds)]))\(stopped)"
        let rate = words.pick("\(Figure.rate(report.throughput)) correct a second", "每秒 \(Figure.rate(report.throughput)) 个正确响应")
        var lines = [title, ""]
        lines.append(
            row(words.pick("responses", "响应"), "\(Figure.count(tally.answered))   \(rate)   \(ByteSize.shown(Double(tally.bytes)))"))
        let statuses = tally.statuses.sorted { $0.key < $1.key }.map { "\($0.key): \(Figure.count($0.value))" }
        if !statuses.isEmpty { lines.append(row(words.pick("status", "状态码"), statuses.joined(separator: "   "))) }
        lines += right + faults
        if tally.unfinished > 0 {
            lines.append(
                row(words.pick("given up", "放弃"), words.pick("\(tally.unfinished) in flight at the end", "结束时有 \(tally.unfinished) 个尚未响应")))
        }
        return lines
    }

    /// What was wrong and what did not come, with the first example of each.
    var faults: [String] { wrong + failures }

    private var right: [String] {
        guard tally.answered > 0, tally.wrongExample == nil else { return [] }
        let what = hasExpectations ? words.pick("all as expected", "全部符合预期") : words.pick("all 2xx", "状态码全部为 2xx")
        return [row(words.pick("correct", "核对"), what)]
    }

    private var wrong: [String] {
        guard let example = tally.wrongExample else { return [] }
        let name = subject.requests[example.request].name.map { " (\($0))" } ?? ""
        let body = SafeLines.clean(text: String(decoding: example.body, as: UTF8.self)).split(separator: "\n").joined(separator: " ")
            .prefix(100)
        let first = words.pick("the first: ", "第一个：") + "\(example.status) \(body)\(name)"
        return [row(words.pick("wrong", "错误"), "\(Figure.count(tally.wrong))   \(first)")]
    }

    private var hasExpectations: Bool { subject.requests.contains { !$0.expectations.isEmpty } }

    private var failures: [String] {
        tally.failures.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map { failure, count in
            let detail = tally.details[failure].map { " — \(SafeLines.clean(text: $0))" } ?? ""
            return row(words.pick("no response", "无响应"), "\(Figure.count(count))   \(words.failure(failure))\(detail)")
        }
    }

    private var latency: [String] {
        var columns =
            isOpenLoop
            ? [(words.pick("from due", "自应发时刻"), tally.latency), (words.pick("from sent", "自实际发送"), tally.service)]
            : [(words.pick("correct", "正确"), tally.latency)]
        if tally.wrong > 0 { columns.append((words.pick("wrong", "错误"), tally.wrongLatency)) }
        let histograms = columns.map(\.1)
        let title = words.pick("latency, ms", "延迟（毫秒）")
        func cells(_ texts: [String]) -> String {
            texts.map { String(repeating: " ", count: max(1, Self.columnWidth - CellWidth.of($0))) + $0 }.joined()
        }
        var lines = [row(title, cells(columns.map(\.0)))]
        for percent in Self.percents {
            let label = "  \(Figure.percent(percent))"
            lines.append(row(label, cells(histograms.map { $0.supports(percent) ? Figure.milliseconds($0.percentile(percent)) : "-" })))
        }
        lines.append(row("  " + words.pick("maximum", "最大"), cells(histograms.map { Figure.milliseconds($0.maximum) })))
        lines.append(row("  " + words.pick("mean", "平均"), cells(histograms.map { $0.mean.map { Figure.milliseconds($0) } ?? "-" })))
        return lines
    }

    private var phases: [String] {
        let parts: [(String, LatencyHistogram)] = [
            (words.pick("connect", "建立连接"), tally.connect), (words.pick("send", "发送"), tally.send),
            (words.pick("wait", "等待"), tally.wait), (words.pick("receive", "接收"), tally.receive),
        ]
        let shown = parts.filter { $0.1.count > 0 }.map { "\($0.0) \(Figure.milliseconds($0.1.mean ?? 0))" }
        let connections = words.pick("\(report.connections) connections", "\(report.connections) 个连接")
        var lines = [row(words.pick("mean, ms", "平均（毫秒）"), shown.joined(separator: " + ") + words.aside(connections, "   "))]
        if let share { lines += Prose.wrapped(words.share(share), indent: 2) }
        if let processor = report.processorMicroseconds {
            let core = Figure.fixed(report.processorSeconds / max(report.seconds, 0.001) * 100, 0)
            let text = words.pick(
                "\(Figure.fixed(processor, 1)) µs of CPU time a request, \(core)% of a core",
                "每个请求 \(Figure.fixed(processor, 1)) 微秒处理器时间，占一个核的 \(core)%")
            lines.append(row(words.pick("ailab itself", "ailab 自身"), text))
        }
        return lines
    }

    private var bands: [String] {
        let most = tally.latency.bands.map(\.count).max() ?? 1
        let marks = tally.latency.bands.map { band in
            let share = Double(band.count) / Double(max(1, most)) * Double(Self.barWidth)
            let bar = String(repeating: "█", count: band.count > 0 ? max(1, Int(share.rounded())) : 0)
            let label = "≤ \(Figure.right(bandLabel(band.upTo), 5)) ms"
            return "  " + label + Figure.right(Figure.count(band.count), 12) + (bar.isEmpty ? "" : "  " + bar)
        }
        return marks
    }

    private func bandLabel(_ nanoseconds: Int64) -> String {
        let value = Double(nanoseconds) / 1e6
        return Figure.fixed(value, value >= 1 ? 0 : value >= 0.1 ? 1 : value >= 0.01 ? 2 : 3)
    }

    private var remarks: [String] {
        var remarks = [isOpenLoop ? words.openLoop : words.closedLoop]
        if tally.unsent > 0 { remarks.append(words.unsent(tally.unsent)) }
        if report.isGeneratorBusy { remarks.append(words.busyGenerator(report.processorSeconds / report.seconds)) }
        if let lag = tally.lag.percentile(99), lag > 2_000_000 { remarks.append(words.lateGenerator(lag)) }
        if let percent = Self.percents.first(where: { !tally.latency.supports($0) }) {
            remarks.append(words.fewSamples(percent, tally.latency.count))
        }
        if let share, let advice = words.advice(share, clientMean: (isOpenLoop ? tally.service : tally.latency).mean ?? 0) {
            remarks.append(advice)
        }
        return remarks
    }
}
