import ArgumentParser
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// `ailab verify 2`: looks at the machine, also at what was done by hand.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: said("Check this machine: is a step done? Work done by hand counts, too.", "检查本机：某个步骤完成了吗？手动完成的也算。"),
        discussion: said(
            """
            Nothing on the machine is changed, and it works while a run goes on. The result is recorded, so `list`, the walkthrough and the \
            report show it, too. With other settings than in the last run, it's shown but not recorded.
            Exit codes: 0 all that was asked for is done, 1 something is not, 3 the engine does not answer.
            Example: ailab verify 2
            """,
            """
            不更改本机，运行进行中也可使用。检查结果会被记录，`list`、实验界面和报告会同步显示；若使用了与最近一次运行不同的设置，则只显示、不记录。
            退出码：0 所查步骤全部完成，1 有未完成的，3 引擎没有响应。
            示例：ailab verify 2
            """))

    @Argument(
        help: help("Step (3), sub-step (4.5), range (2-4) or all.", "步骤（3）、小节（4.5）、范围（2-4）或 all。"), completion: LabOptions.stepCompletion)
    var selection = "all"

    @OptionGroup var lab: LabOptions
    @OptionGroup var settings: SettingFlags

    @Flag(help: help("One JSON object a check on standard output, and nothing else.", "标准输出只含 JSON，每项检查一个对象。"))
    var json = false

    func run() async throws {
        let lab = try lab.opened()
        let asked = try lab.tasks(selection)
        let progress = lab.progress
        let inspection = try await lab.inspection(progress, options: settings.applied(to: progress.options))
        let (verdicts, failure) = await inspection.verdicts(on: asked)
        for verdict in verdicts {
            for line in json ? VerdictListing(verdict).json : VerdictListing(verdict).lines { Console.output(line) }
        }
        let asking = verdicts.filter { !$0.isReading && $0.state != .unavailable }
        let done = asking.count(where: \.state.isDone)
        if !json { Console.output(Words(language: Console.language).verified(done, of: asking.count)) }
        try await inspection.record(verdicts)
        if let failure { throw failure }
        guard done == asking.count else { throw ExitCodes.failed }
    }
}

/// The settings under which a result counts. What is left out is the workspace's.
struct SettingFlags: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: help("The same as for `step --quick`. If left out: the workspace's setting.", "与 `step --quick` 相同；省略时取工作区的设置。"))
    var quick: Bool?

    @Option(help: help("auto, cpu or gpu. If left out: the workspace's setting.", "auto、cpu 或 gpu；省略时取工作区的设置。"))
    var device: RunFlags.DeviceName?

    @Option(
        name: .customLong("set"),
        help: help("A variable of the lab, as for `step`; may be repeated.", "实验变量，与 `step` 相同；可重复使用。", valueName: "name=value"))
    var set: [String] = []

    mutating func validate() throws {
        for pair in set where !pair.contains("=") || pair.hasPrefix("=") {
            throw ValidationError(said("--set takes name=value, not `\(pair)`.", "--set 的格式是 name=value，而不是 `\(pair)`。"))
        }
    }

    var settings: RunSettings {
        RunSettings(quick: quick, device: device.flatMap { RunOptions.Device(rawValue: $0.rawValue) }, set: RunFlags.values(set))
    }

    func applied(to last: RunOptions) -> RunOptions { settings.applied(to: last) }
}

/// A verdict as it is printed.
struct VerdictListing {
    private let verdict: LabInspection.Verdict
    private let language = Console.language
    private let words = Words(language: Console.language)

    init(_ verdict: LabInspection.Verdict) { self.verdict = verdict }

    var lines: [String] {
        let task = verdict.task
        let isWanting = !verdict.state.isDone && !verdict.state.isPassedOver && !verdict.isReading
        var lines = [
            Style.bold("\(isWanting ? "✘" : verdict.state.symbol) \(task.id) \(task.title[language])") + "  [\(words.standing(verdict))]"
        ]
        for check in verdict.checks {
            lines.append("    " + clean(words.check(check)))
            if check.standing == .failed, let advice = check.advice { lines.append("      → " + clean(advice[language])) }
        }
        return lines
    }

    /// One object a check; one without a check where there is none.
    var json: [String] {
        let verdict = Answer(
            task: verdict.task.id, state: verdict.state.code, done: verdict.state.isDone, byHand: verdict.isByHand, run: verdict.run)
        guard !checks.isEmpty else { return [JSONText.line(verdict, NoCheck())] }
        return checks.map { JSONText.line(verdict, $0) }
    }

    private var checks: [Check] {
        verdict.checks.map {
            Check(
                check: $0.kind, standing: $0.standing.rawValue, wanted: clean($0.wanted[language]), found: clean($0.found[language]),
                nearest: $0.nearest.map { clean($0[language]) }, advice: $0.advice.map { clean($0[language]) })
        }
    }

    private struct Answer: Encodable {
        var task: TaskID
        var state: String
        var done: Bool
        var byHand: Bool
        @OrNull var run: Int?
    }

    private struct Check: Encodable {
        var check: String
        var standing: String
        var wanted: String
        var found: String
        @OrNull var nearest: String?
        @OrNull var advice: String?
    }

    private struct NoCheck: Encodable {
        @OrNull var check: String?
    }

    /// What was found may be another program's words.
    private func clean(_ text: String) -> String { SafeLines.clean(text: text) }
}
