import Diagnosis
import LabFile
import LabRunner
import LabSupport

/// The failures, their causes, and what helped.
struct ReportFailures {
    let report: LabReport
    let words: ReportWords

    var blocks: [ReportDocument.Block] {
        let failures = report.tasks.flatMap { task in
            task.attempts.filter { $0.outcome == .failed || $0.outcome == .interrupted }.map { (task, $0) }
        }
        // A sub-step that waits for the student hasn't failed.
        let told = Set(report.tasks.flatMap(\.attempts).filter { $0.outcome != .succeeded }.map(\.run))
        let keptBack = report.runs.filter { run in !run.findings.isEmpty || run.error != nil && !told.contains(run.number) }
        guard !failures.isEmpty || !keptBack.isEmpty else { return [] }
        return [.heading(2, [.words(words.pick("What failed, and what helped", "失败与解决"))], anchor: "failures")]
            + failures.flatMap { failure($0, $1) } + keptBack.flatMap { kept($0) }
    }

    private func failure(_ task: LabReport.SubStep, _ attempt: LabReport.Attempt) -> [ReportDocument.Block] {
        let title = "\(task.id) \(task.title[words.language])"
        let anchor = "failure-\(task.id.step)-\(task.id.number)-\(attempt.run)"
        let when = words.pick(", run \(attempt.run), \(words.moment(attempt.began))", "，运行 \(attempt.run)，\(words.moment(attempt.began))")
        var lines: [[ReportDocument.Span]] = []
        if attempt.outcome == .interrupted {
            lines.append([.words(words.pick("It was interrupted: the runner was killed, or the machine went down.", "意外中断：进程被杀或机器关机。"))])
        }
        lines += described(attempt.error, attempt.findings)
        if attempt.outcome == .failed { lines.append(help(attempt.help)) }
        return [.heading(3, [.words(title + when)], anchor: anchor), .list(lines)] + ownWords(attempt.error, attempt.findings)
    }

    /// A run that was stopped before its first task.
    private func kept(_ run: LabReport.Run) -> [ReportDocument.Block] {
        [
            .heading(3, [.words(words.pick("Run \(run.number) as a whole", "运行 \(run.number) 整体"))], anchor: "failure-run-\(run.number)"),
            .list(described(run.error, run.findings)),
        ] + ownWords(run.error, run.findings)
    }

    /// The error's own text, if no rule knows its cause.
    private func ownWords(_ error: LabError?, _ findings: [Finding]) -> [ReportDocument.Block] {
        guard let cause = error?.cause, findings.allSatisfy({ $0.cause == Finding.unknown }) else { return [] }
        return [.lines(cause.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))]
    }

    private func described(_ error: LabError?, _ findings: [Finding]) -> [[ReportDocument.Span]] {
        var lines: [[ReportDocument.Span]] = []
        if let error {
            let what = ReportDocument.marked(words.pick("What happened: ", "发生了什么：") + error.message[words.language] + " ")
            lines.append(what + [.code(error.codeText)])
        }
        for finding in findings where finding.cause != Finding.unknown {
            var spans: [ReportDocument.Span] = [
                .words(words.pick("Cause: ", "原因：")), .strong(finding.title[words.language]), .words(" "), .code(finding.cause),
            ]
            spans += ReportDocument.marked(words.pick(". ", "。") + finding.why[words.language])
            if let evidence = finding.evidence { spans += [.words(words.pick(" The line that says so: ", "依据：")), .code(evidence.text)] }
            lines.append(spans)
        }
        return lines
    }

    private func help(_ help: LabReport.Help?) -> [ReportDocument.Span] {
        guard let help else { return [.strong(words.pick("It has not succeeded since.", "此后没有成功过。"))] }
        let began = words.pick("It succeeded in run \(help.run). What helped: ", "在运行 \(help.run) 中成功。解决方法：")
        switch help {
        case .cure(let cure, _):
            return ReportDocument.marked(
                began + words.pick("ailab applied the cure: ", "由 ailab 执行：") + cure.text[words.language] + " ")
                + cure.commands.flatMap { [.code($0), .words(" ")] as [ReportDocument.Span] }
        case .options(let options, _):
            return [.words(began + words.pick("the options ", "改用了不同的选项："))]
                + options.flatMap { [.code($0), .words(" ")] as [ReportDocument.Span] }
        case .inputs: return [.words(began + words.pick("its files or settings were changed.", "修改了它所用的文件或设置。"))]
        case .unrecorded: return [.words(began + words.pick("something outside of ailab, without a record.", "在 ailab 之外所做的事，没有记录。"))]
        }
    }
}

/// The sections of the sub-steps: commands, checks, results and output.
struct ReportDetails {
    let report: LabReport
    let words: ReportWords

    var blocks: [ReportDocument.Block] {
        let touched = report.tasks.filter(\.isTold)
        guard !touched.isEmpty else { return [] }
        return [.heading(2, [.words(words.pick("Sub-step by sub-step", "逐个小节"))], anchor: "details")] + touched.flatMap(section)
    }

    private func section(_ task: LabReport.SubStep) -> [ReportDocument.Block] {
        let title: [ReportDocument.Span] = [
            .words("\(task.id) \(task.title[words.language]) "), .state(task.state, words.state(task)),
        ]
        var blocks: [ReportDocument.Block] = [.heading(3, title, anchor: ReportTables.anchor(task.id))]
        let told = attempts(task)
        if !told.isEmpty { blocks.append(.list(told)) }
        if task.usesReference {
            let text = words.pick(
                "The lab's reference solution was used instead of the student's own file.", "使用的是实验自带的参考答案，而不是学生自己的文件。")
            blocks.append(.text([.strong(text)]))
        }
        if task.hasOwnFile { blocks.append(.text([.words(words.pick("With the student's own file.", "使用学生自己的文件。"))])) }
        if task.isByHand { blocks.append(.text([.words(words.pick("Found done, without a record of how.", "检查时已经完成，没有过程记录。"))])) }
        let help = task.help(words)
        if !help.isEmpty { blocks.append(.list(help)) }
        if let attempt = task.shown {
            if !attempt.commands.isEmpty { blocks.append(.lines(attempt.commands)) }
            for fact in attempt.facts where fact.text[words.language].contains("\n") { blocks += long(fact) }
            let lines = said(attempt) + made(attempt) + measured(task, attempt)
            if !lines.isEmpty { blocks.append(.list(lines)) }
        }
        if !task.checks.isEmpty { blocks.append(checks(task)) }
        return blocks
    }

    /// A fact of several lines: a table with its chart, or the lines as they are.
    private func long(_ fact: Fact) -> [ReportDocument.Block] {
        guard let table = fact.table else {
            return [.lines(fact.text[words.language].split(separator: "\n", omittingEmptySubsequences: false).map(String.init))]
        }
        let columns = table.columns.map {
            ReportDocument.Column(title: $0.title[words.language], isNumber: $0.form != .text)
        }
        let rows = table.rows.indices.map { row in
            table.columns.indices.map { [ReportDocument.Span.words(table.shown(row, $0, words.language))] }
        }
        let chart = ReportChart(table, words).map { [ReportDocument.Block.chart($0)] } ?? []
        return [.table(columns, rows, caption: table.title[words.language])] + chart
    }

    /// One line for each attempt, if there are several or the only one failed.
    private func attempts(_ task: LabReport.SubStep) -> [[ReportDocument.Span]] {
        guard task.attempts.count > 1 || task.attempts.contains(where: { $0.outcome != .succeeded || $0.isReset }) else { return [] }
        return task.attempts.enumerated().map { index, attempt in
            let time = attempt.seconds.map { words.duration($0) } ?? "–"
            var text = words.pick(
                "Run \(attempt.run), \(words.moment(attempt.began)), \(time): \(words.outcome(attempt.outcome))",
                "运行 \(attempt.run)，\(words.moment(attempt.began))，\(time)：\(words.outcome(attempt.outcome))")
            if attempt.isReset { text += words.pick(" (reset since)", "（后来被重置）") }
            if index == task.counted { text += words.pick(" (this one counts)", "（以此次为准）") }
            let reason = attempt.error.map { ReportDocument.marked(" – " + $0.message[words.language]) } ?? []
            return [.words(text)] + reason
        }
    }

    private func said(_ attempt: LabReport.Attempt) -> [[ReportDocument.Span]] {
        var lines: [[ReportDocument.Span]] = attempt.facts.filter { !$0.text[words.language].contains("\n") }
            .map { ReportDocument.marked($0.text[words.language]) }
        for failed in attempt.failedSources {
            let cause: [ReportDocument.Span] = failed.error.cause.map { [.words(" "), .code($0)] } ?? []
            lines.append(
                [
                    .words(words.pick("Unavailable source ", "来源不可用：")), .code(failed.source),
                    .words(": " + failed.error.message[words.language]),
                ] + cause)
        }
        for source in attempt.sources {
            let mark = source.standIn ? words.pick("Stand-in: ", "替代镜像：") : words.pick("Source: ", "来源：")
            let what: [ReportDocument.Span] = source.what.isEmpty ? [] : [.code(source.what), .words(" ← ")]
            let text = source.text[words.language]
            lines.append([.strong(mark)] + what + [.code(source.source), .words(text.isEmpty ? "" : " – \(text)")])
        }
        if let other = attempt.tookOver {
            let run = other.run.map { words.pick(" of run \($0)", "（运行 \($0)）") } ?? ""
            lines.append([.words(words.pick("Took over the container ", "接管了容器 ")), .code(other.container), .words(run)])
        }
        return lines
            + attempt.notices.map { notice in
                (notice.level == .warning ? [.strong("! ")] : []) + ReportDocument.marked(notice.text[words.language])
            }
    }

    private func made(_ attempt: LabReport.Attempt) -> [[ReportDocument.Span]] {
        attempt.created.map { made in
            let id: [ReportDocument.Span] = made.id.map { [.words(" "), .code($0)] } ?? []
            return [.words(words.pick("Made the \(words.kind(made.kind)) ", "生成了\(words.kind(made.kind)) ")), .code(made.name)] + id
        } + attempt.captured.map { [.words(words.pick("Recorded: ", "记录值：")), .code("\($0.name) = \($0.value)")] }
    }

    private func measured(_ task: LabReport.SubStep, _ attempt: LabReport.Attempt) -> [[ReportDocument.Span]] {
        let peaks = report.run(attempt.run)?.peaks?.containers.filter { $0.task == task.id } ?? []
        return peaks.map { peak in
            var parts: [String] = []
            if let memory = peak.memory { parts.append(words.pick("\(words.bytes(memory)) of memory", "内存 \(words.bytes(memory))")) }
            if let cpu = peak.cpu { parts.append(words.cores(cpu)) }
            return [
                .words(words.pick("Measured at most, in ", "测得峰值，容器 ")), .code(peak.name),
                .words(words.pick(": ", "：") + parts.joined(separator: words.pick(", ", "，"))),
            ]
        }
    }

    private func checks(_ task: LabReport.SubStep) -> ReportDocument.Block {
        let title = words.pick("Checks", "检查") + (task.checkedIn.map { words.pick(" (run \($0))", "（运行 \($0)）") } ?? "")
        let columns = [
            ReportDocument.Column(title: title), ReportDocument.Column(title: words.pick("Wanted", "期望"), isHeader: true),
            ReportDocument.Column(title: words.pick("Found", "实际")),
        ]
        let rows = task.checks.map { check -> [[ReportDocument.Span]] in
            let nearest = check.nearest.map { words.pick(" (\($0.en))", "（\($0.zh)）") } ?? ""
            return [
                [.words(words.standing(check.standing))], [.words(check.wanted[words.language])],
                [.words(check.found[words.language] + nearest)],
            ]
        }
        return .table(columns, rows, caption: "\(task.id) \(title)")
    }
}
