import LabSupport

/// Looks for contradictions within one report.
struct GradeChecks {
    let report: SubmittedReport
    /// The time of the look, in seconds since 1970.
    let now: Double

    /// Measured times and those of the journal may differ by so much, in seconds.
    private static let tolerance = 5.0
    /// How far another machine's clock may be ahead, in seconds.
    private static let toleratedLead = 86_400.0

    var findings: [GradeFinding] { chain + records + clock + parts + values }

    private var codes: Set<String> { Set(report.cautions.map(\.code)) }

    // MARK: Records

    private var chain: [GradeFinding] {
        let chains = report.runs.compactMap { run in run.chain.map { (run, $0) } }
        var odd = chains.filter { $0.1.broken > 0 || $0.1.unlinked > 0 }.map(\.0.run)
        for (before, after) in zip(report.runs, report.runs.dropFirst()) where after.run > 0 && after.run - 1 == before.run {
            guard let head = before.chain?.head, let first = after.chain?.first, head != first else { continue }
            if !odd.contains(after.run) { odd.append(after.run) }
        }
        let besides = report.besidesChain.map { $0.broken > 0 || $0.unlinked > 0 } ?? false
        if !odd.isEmpty || besides || codes.contains("journal.chain") {
            let runs = odd.sorted().map(String.init).joined(separator: ", ")
            return [
                GradeFinding(
                    .chainBroken,
                    en: "the chain through the journals is broken" + (odd.isEmpty ? "" : " at run \(runs)"),
                    zh: odd.isEmpty ? "运行记录的哈希链已断开" : "运行记录的哈希链在运行 \(runs) 处断开")
            ]
        }
        let bare = report.runs.filter { $0.chain == nil }
        guard !bare.isEmpty else { return [] }
        let isMixed = bare.count < report.runs.count
        // A student who updates ailab between two runs has some of each, the ones without first.
        let isOrdered = report.runs.prefix(bare.count).allSatisfy { $0.chain == nil }
        guard isMixed, !isOrdered else {
            return [GradeFinding(.chainMissing, en: "\(bare.count) runs have no chain", zh: "\(bare.count) 次运行没有哈希链")]
        }
        return [GradeFinding(.chainBroken, en: "later runs have no chain, earlier ones do", zh: "较早的运行有哈希链，之后的却没有")]
    }

    private var records: [GradeFinding] {
        let lines = report.runs.reduce(0.0) { $0 + Double($1.unreadable) + Double($1.missing) }
        guard lines > 0 || !codes.isDisjoint(with: ["run.gone", "journal.torn", "journal.unreadable"]) else { return [] }
        return [GradeFinding(.recordsMissing, en: "runs or lines of journals are missing", zh: "缺少部分运行或记录行")]
    }

    // MARK: Time

    private var clock: [GradeFinding] {
        var odd: [Text] = []
        if report.made > now + Self.toleratedLead { odd.append(Text(en: "written in the future", zh: "写入时间在未来")) }
        if let ended = report.ended, ended > report.made + 2 {
            odd.append(Text(en: "written before its last run ended", zh: "写入早于最后一次运行结束"))
        }
        for (before, after) in zip(report.runs, report.runs.dropFirst()) {
            guard let first = before.began, let second = after.began, second < first - 2 else { continue }
            odd.append(Text(en: "run \(after.run) began before run \(before.run)", zh: "运行 \(after.run) 的开始早于运行 \(before.run)"))
        }
        for run in report.runs {
            if let began = run.began, let ended = run.ended, ended < began - 2 {
                odd.append(Text(en: "run \(run.run) ended before it began", zh: "运行 \(run.run) 的结束早于开始"))
            }
            if (run.setBack ?? 0) > ReportCautions.toleratedSetBack {
                odd.append(Text(en: "the clock was set back during run \(run.run)", zh: "运行 \(run.run) 期间时钟被往回调"))
            }
        }
        return joined(.clockBackwards, odd)
    }

    // MARK: Sums

    private var parts: [GradeFinding] {
        var odd = counts
        let numbers = report.runs.map(\.run)
        if zip(numbers, numbers.dropFirst()).contains(where: { $0 >= $1 }) {
            odd.append(Text(en: "runs are out of order", zh: "运行的顺序不对"))
        }
        odd += attempts
        let shown = report.tasks.compactMap(\.shown)
        let asked = shown.flatMap(\.predictions)
        if asked.count != report.predictions.all || asked.count(where: \.right) != report.predictions.right {
            odd.append(Text(en: "the predictions aren't those of the sub-steps", zh: "预测数与各小节不符"))
        }
        if asked.contains(where: { $0.right != $0.expected.contains($0.top.first?.label ?? "") }) {
            odd.append(Text(en: "a prediction counts as right or wrong and isn't", zh: "有预测的对错标记与答案不符"))
        }
        let trained = shown.compactMap { $0.training?.accuracy }
        if let accuracy = report.accuracy, !trained.contains(accuracy) {
            odd.append(Text(en: "no training has this accuracy", zh: "没有训练得到这个准确率"))
        } else if report.accuracy == nil, !trained.isEmpty {
            odd.append(Text(en: "the training's accuracy is missing", zh: "缺少训练的准确率"))
        }
        return joined(.partsDiffer, odd)
    }

    /// The numbers at the beginning of the report against what follows.
    private var counts: [Text] {
        var odd: [Text] = []
        let states = Dictionary(grouping: report.tasks, by: \.state).mapValues(\.count)
        if states != report.states || report.done != states["done"] ?? 0 || report.all < report.done || report.all > report.tasks.count {
            odd.append(Text(en: "the number of sub-steps done isn't that of the sub-steps", zh: "完成的小节数与各小节不符"))
        }
        let seconds = report.runs.reduce(0) { $0 + $1.seconds }
        if abs(seconds - report.seconds) > 1 { odd.append(Text(en: "the time isn't that of the runs", zh: "总时间与各次运行不符")) }
        return odd
    }

    private var attempts: [Text] {
        var odd: [Text] = []
        let runs = Dictionary(report.runs.map { ($0.run, $0) }) { first, _ in first }
        for task in report.tasks {
            if let counted = task.counted, !task.attempts.indices.contains(counted) {
                odd.append(Text(en: "\(task.task) has no attempt that counts", zh: "\(task.task) 没有可计入的尝试"))
            }
            if let shown = task.shown, task.counted != nil, shown.outcome != "succeeded" {
                odd.append(Text(en: "an attempt at \(task.task) counts and didn't succeed", zh: "\(task.task) 计入的尝试并未成功"))
            }
            let lost = task.attempts.contains { attempt in
                guard let run = runs[attempt.run], let began = run.began, let ended = run.ended else { return true }
                return attempt.began < began - Self.tolerance || attempt.began > ended + Self.tolerance
            }
            if lost { odd.append(Text(en: "\(task.task) was tried outside of its run", zh: "\(task.task) 的尝试不在所属运行的时间内")) }
        }
        return odd
    }

    // MARK: The student's own values

    private var values: [GradeFinding] {
        let names = StudentValues(report).strange(for: report.author)
        guard !names.isEmpty else { return [] }
        let list = Text.words(names)
        return [
            GradeFinding(
                .valuesDiffer, en: "not the values of this name: \(list.en)", zh: "不是该姓名的专属取值：\(list.zh)")
        ]
    }

    private func joined(_ code: GradeFinding.Code, _ odd: [Text]) -> [GradeFinding] {
        let shown = odd.prefix(4)
        guard !shown.isEmpty else { return [] }
        let more = odd.count - shown.count
        return [
            GradeFinding(
                code, en: shown.map(\.en).joined(separator: "; ") + (more > 0 ? "; \(more) more" : ""),
                zh: shown.map(\.zh).joined(separator: "；") + (more > 0 ? "；另有 \(more) 处" : ""))
        ]
    }
}
