import LabFile
import LabRunner
package import LabSupport

extension ReportDocument {
    /// Builds the document. `utcOffset` is how many seconds the reader's clock is ahead of UTC.
    package init(_ report: LabReport, language: Language, utcOffset: Int) {
        let words = ReportWords(language: language, utcOffset: utcOffset)
        self.language = language
        title = words.pick("\(report.lab.title.en) – report of \(report.author)", "\(report.lab.title.zh)——\(report.author) 的实验报告")
        let sections: [[Block]] = [
            ReportHead(report: report, words: words).blocks, ReportTables(report: report, words: words).blocks,
            ReportAccount(report: report, words: words).blocks, ReportFailures(report: report, words: words).blocks,
            ReportDetails(report: report, words: words).blocks,
            ReportRuns(report: report, words: words).blocks, Self.foot(report, words),
        ]
        blocks = [.heading(1, [.words(title)], anchor: "top")] + sections.flatMap(\.self)
    }

    private static func foot(_ report: LabReport, _ words: ReportWords) -> [Block] {
        [
            .heading(2, [.words(words.pick("What this report is", "关于本报告"))], anchor: "about"),
            .text(
                marked(
                    words.pick(
                        "Written by ailab \(report.version) on \(words.moment(report.made)) (\(words.zone)) from the journals of the student's "
                            + "workspace: what is told here was recorded while it happened. The journals are files of the student's: the report "
                            + "is an account, not a proof. `ailab verify` looks at the machine itself.",
                        "由 ailab \(report.version) 于 \(words.moment(report.made))（\(words.zone)）根据学生工作区中的运行记录生成：内容均在当时记录。"
                            + "这些记录是学生自己的文件，因此本报告是说明而不是证明。`ailab verify` 会检查机器本身。"))),
        ]
    }
}

/// The head of the report: author, lab, time, machine and cautions.
struct ReportHead {
    let report: LabReport
    let words: ReportWords

    var blocks: [ReportDocument.Block] { [.facts(facts)] + cautions }

    private var facts: [(String, [ReportDocument.Span])] {
        var facts: [(String, [ReportDocument.Span])] = [
            (words.pick("Student", "学生"), [.words(report.author)]),
            (words.pick("Done", "完成情况"), [.strong(progress)]),
        ]
        if let began = report.began, let ended = report.ended {
            let time = words.duration(report.seconds)
            facts.append(
                (
                    words.pick("When", "时间"),
                    [
                        .words(
                            words.pick(
                                "\(words.moment(began)) to \(words.moment(ended)) (\(words.zone)); ailab worked for \(time) of it",
                                "\(words.moment(began)) 至 \(words.moment(ended))（\(words.zone)）；其中 ailab 工作了 \(time)"))
                    ]
                ))
        }
        let lab: [ReportDocument.Span] =
            [.code(report.lab.id), .words(words.pick(", file ", "，文件 ")), .code(report.lab.file)]
            + (report.lab.sha256.map { [.words(words.pick(", SHA-256 ", "，SHA-256 ")), .code(String($0.prefix(16)))] } ?? [])
            + [.words(words.pick(", with all its files ", "，连同其全部文件 ")), .code(String(report.lab.digest.prefix(16)))]
        facts.append((words.pick("Lab", "实验"), lab))
        if let own = ownValues { facts.append((words.pick("Own values", "专属取值"), [.words(own)])) }
        return facts + machine
    }

    /// The values of the variables that differ from student to student, in the attempts that count. Before there is one, those of the last
    /// run. Nil if there are none.
    private var ownValues: String? {
        let shown = report.lab.studentVariables.compactMap { variable -> String? in
            var used = report.used(variable)
            if used.isEmpty, let last = report.runs.compactMap({ $0.studentValues[variable.name] }).last { used = [last] }
            guard !used.isEmpty else { return nil }
            return words.pick(variable.title.en, variable.title.zh) + words.pick(": ", "：") + used.joined(separator: words.pick(", ", "、"))
        }
        return shown.isEmpty ? nil : shown.joined(separator: words.pick("; ", "；"))
    }

    private var progress: String {
        let others = report.tasks.filter { !$0.state.isDone }.map { words.state($0) }
        let rest = others.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.map { state in
            state + words.pick(": ", "：") + String(others.count { $0 == state })
        }
        let all = words.pick(
            "\(report.tally.done) of \(report.tally.all) sub-steps", "\(report.tally.done)/\(report.tally.all) 个小节")
        return ([all] + rest).joined(separator: words.pick("; ", "；"))
    }

    /// The engines and devices of the runs without repetitions, the last used first.
    private var machine: [(String, [ReportDocument.Span])] {
        var facts: [(String, [ReportDocument.Span])] = []
        let engines = report.runs.reversed().compactMap { run in run.engine.map { (words.engine($0), $0.endpoint) } }
        var seen: Set<String> = []
        for (engine, endpoint) in engines where seen.insert(engine + endpoint).inserted {
            facts.append((words.pick("Engine", "容器引擎"), [.words(engine + words.pick(" at ", "，位于 ")), .code(endpoint)]))
        }
        if engines.isEmpty { facts.append((words.pick("Engine", "容器引擎"), [.words(words.pick("none answered", "没有可用的引擎"))])) }
        for device in report.runs.reversed().compactMap(\.device).map({ words.device($0) }) where seen.insert(device).inserted {
            facts.append((words.pick("Trained on", "训练设备"), [.words(device)]))
        }
        if let peaks = report.runs.compactMap(\.peaks).max(by: { ($0.memoryTotal ?? 0) < ($1.memoryTotal ?? 0) }), peaks.processors > 0 {
            let memory = peaks.memoryTotal.map { words.bytes($0) } ?? "–"
            facts.append(
                (
                    words.pick("Machine", "机器"),
                    [.words(words.pick("\(peaks.processors) processors, \(memory) of memory", "\(peaks.processors) 个处理器，\(memory) 内存"))]
                ))
        }
        return facts
    }

    private var cautions: [ReportDocument.Block] {
        let title = words.pick("What to know before you read on", "阅读之前需要知道")
        let heading = ReportDocument.Block.heading(2, [.words(title)], anchor: "cautions")
        guard !report.cautions.isEmpty else {
            return [
                heading,
                .text([
                    .words(
                        words.pick(
                            "Nothing: the lab was done as it is meant, by the student's own files, with nothing skipped or replaced.",
                            "没有：实验按原本的方式完成，使用学生自己的文件，没有跳过或替换任何内容。"))
                ]),
            ]
        }
        return [heading, .warning(report.cautions.map(line), title: title)]
    }

    private func line(_ caution: LabReport.Caution) -> [ReportDocument.Span] {
        var spans = ReportDocument.marked(caution.text[words.language])
        if !caution.details.isEmpty {
            for (index, detail) in caution.details.enumerated() {
                spans += [.words(index == 0 ? words.pick(" ", "") : words.pick(", ", "、")), .code(detail)]
            }
            spans.append(.words(words.pick(".", "。")))
        }
        var places: [String] = []
        if !caution.tasks.isEmpty { places.append(words.tasks(caution.tasks, of: report.tasks.map(\.id))) }
        if !caution.runs.isEmpty { places.append(words.runs(caution.runs)) }
        if !places.isEmpty { spans += [.words(" → "), .strong(places.joined(separator: words.pick("; ", "；")))] }
        return spans
    }
}
