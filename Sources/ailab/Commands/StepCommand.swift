import ArgumentParser
import ContainerEngine
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// `ailab step 3 --auto`
struct StepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step",
        abstract: said("Run a step: 3, 4.5, 2-4 or all, with the earlier sub-steps that it needs.", "执行步骤：3、4.5、2-4 或 all，并先完成它依赖的小节。"),
        discussion: said("Example: ailab step 3 --auto", "示例：ailab step 3 --auto"))

    @Argument(
        help: help("Step (3), sub-step (4.5), range (2-4) or all.", "步骤（3）、小节（4.5）、范围（2-4）或 all。"), completion: LabOptions.stepCompletion)
    var selection: String

    @OptionGroup var lab: LabOptions
    @OptionGroup var run: RunFlags
    @OptionGroup var who: NameOption
    @OptionGroup var view: ViewFlags

    @Flag(
        help: help(
            "If it fails and there is a cure: apply the cure (after asking), and try again.", "失败且有解决办法时：逐个确认后执行，然后重试。"))
    var fix = false

    @Flag(help: help("With --fix: do not ask.", "与 --fix 一起使用：不再询问。"))
    var yes = false

    func validate() throws {
        if yes, !fix { throw ValidationError(said("--yes belongs to --fix.", "--yes 只能与 --fix 一起使用。")) }
        if fix, view.json, !yes {
            throw ValidationError(said("--fix --json needs --yes: nobody can be asked.", "--fix --json 需要 --yes：无法询问。"))
        }
    }

    func run() async throws {
        let opened = try lab.opened()
        try who.keep(in: opened.workspace)
        let watcher = RunWatcher(view: view)
        let saved = opened.savedSettings
        var options = run.options(saved)
        if let saved, !view.json { Self.tell(saved) }
        options.typed = Self.typed(OwnProgram.arguments, selection: selection)
        let questions = StepQuestions(opened)
        let asked = StepQuestions.canAsk(auto: run.auto, json: view.json) ? try questions.ask(selection) : []
        guard fix else {
            let ending = try await watcher.perform(opened, selection, options)
            questions.tell(asked)
            throw ExitCode(ending.exitCode)
        }
        var cures = StepFix(opened, dialogue: TerminalCures(yes: yes, isJSON: view.json)) { lab, selection, options in
            try await watcher.perform(lab, selection, options)
        }
        let ending = try await cures.perform(selection, options)
        questions.tell(asked)
        throw ExitCode(ending.exitCode)
    }

    /// Whoever typed no options must learn that these aren't the lab's own.
    private static func tell(_ saved: SettingsChanged) {
        let words = Words(language: Console.language)
        if saved != SettingsChanged(RunOptions()) { Console.error(words.settingsChanged(saved)) }
    }

    /// The options that were typed after `ailab step`, without those that only concern this call.
    static func typed(_ arguments: [String], selection: String) -> String {
        guard let start = arguments.firstIndex(of: "step") else { return "" }
        var words = Array(arguments[(start + 1)...])
        if let place = words.firstIndex(of: selection) { words.remove(at: place) }
        return ShellWord.line(words.filter { !["--fix", "--yes", "--json", "--plain"].contains($0) })
    }
}

/// How steps are run.
struct RunFlags: ParsableArguments {
    @Flag(
        help: help(
            "Unattended: scripts instead of shells, and reference solutions for files that you haven't written.",
            "无人值守：用脚本代替 shell；尚未编写的文件使用参考答案。"))
    var auto = false

    @Flag(
        help: help(
            "Replace your own files by the reference solutions. Yours are saved beside them.", "用参考答案替换你自己的文件；你的文件会另存在旁边。"))
    var useReference = false

    @Flag(
        inversion: .prefixedNo,
        help: help(
            "Train on a sixth of the digits. If left out: the workspace's setting.",
            "只用六分之一的数据训练；省略时取工作区的设置。"))
    var quick: Bool?

    @Flag(help: help("Run it again, even if it is done.", "即使已完成也重新执行。"))
    var force = false

    @Option(help: help("auto, cpu or gpu. If left out: the workspace's setting.", "auto、cpu 或 gpu；省略时取工作区的设置。"))
    var device: DeviceName?

    @Option(help: help("Epochs: how often the training goes through its data.", "训练轮次。"))
    var epochs: Int?

    @Option(
        name: .customLong("set"), help: help("Change a variable of the lab; may be repeated.", "修改实验变量；可重复使用。", valueName: "name=value"))
    var set: [String] = []

    enum DeviceName: String, ExpressibleByArgument, CaseIterable {
        case auto
        case cpu
        case gpu
    }

    mutating func validate() throws {
        if let epochs, epochs < 1 { throw ValidationError(said("--epochs takes a number from 1 up.", "--epochs 必须是不小于 1 的整数。")) }
        for pair in set where !pair.contains("=") || pair.hasPrefix("=") {
            throw ValidationError(said("--set takes name=value, not `\(pair)`.", "--set 的格式是 name=value，而不是 `\(pair)`。"))
        }
    }

    /// Pairs of `name=value`. The last value of a name counts.
    static func values(_ pairs: [String]) -> [String: String] {
        let split = pairs.map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init) }
        return Dictionary(split.map { ($0[0], $0[1]) }) { _, last in last }
    }

    /// The options of a run. `saved`: the settings of the workspace, which each option overrides.
    func options(_ saved: SettingsChanged?) -> RunOptions {
        let typed = RunSettings(quick: quick, device: device.flatMap { RunOptions.Device(rawValue: $0.rawValue) }, set: Self.values(set))
        var options = typed.applied(to: saved?.applied(to: RunOptions()) ?? RunOptions())
        options.auto = auto
        options.force = force
        options.useReference = useReference ? true : nil
        if let epochs { options.set["epochs"] = String(epochs) }
        options.terminal = Console.inputIsTerminal && Console.outputIsTerminal
        return options
    }
}

/// How a run is shown.
struct ViewFlags: ParsableArguments {
    @Flag(help: help("Plain lines, also on a terminal: no status line, no color.", "即使在终端中也只输出纯文本行：无状态行、无颜色。"))
    var plain = false

    @Flag(help: help("One JSON object an event on standard output, and nothing else.", "标准输出只含 JSON，每个事件一个对象。"))
    var json = false

    mutating func validate() throws {
        if plain && json { throw ValidationError(said("--plain and --json exclude each other.", "--plain 与 --json 不能同时使用。")) }
    }
}

/// The runner process; started by the program itself.
struct RunnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: RunLauncher.subcommand, shouldDisplay: false)

    @Argument var request: String

    func run() async throws {
        let code = try await RunnerProcess.main(requestPath: request, environment: Console.environment, version: programVersion)
        throw ExitCode(code)
    }
}
