import ArgumentParser
import Glibc
import LabEngine
import LabRunner
import LabSupport
import LabTUI

/// `ailab`: the lab on the whole terminal. Without a terminal: where the student is, and what to type.
struct WalkthroughCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "walk",
        abstract: said(
            "Walk through the lab on the whole terminal. The same as `ailab` alone.", "在整个终端上逐步完成实验，与单独运行 `ailab` 相同。"),
        discussion: said(
            """
            Quitting (q) never ends a run: it goes on, and the next `ailab` shows it again.
            Environment: AILAB_LINEAR=1 (lines only), AILAB_ASCII=1 (no lines and symbols beyond ASCII), NO_COLOR, AILAB_ESCDELAY \
            (milliseconds to wait after Esc). Keys of your own: ~/.config/ailab/keys.
            Example: ailab --demo --speed 8
            """,
            """
            退出（q）不会中断正在进行的运行：它会继续，再次输入 `ailab` 即可查看。
            环境变量：AILAB_LINEAR=1（只按行输出）、AILAB_ASCII=1（只用 ASCII 字符）、NO_COLOR、AILAB_ESCDELAY（按 Esc 后等待的毫秒数）。
            自定义按键：~/.config/ailab/keys。
            示例：ailab --demo --speed 8
            """))

    @OptionGroup var lab: LabOptions
    @OptionGroup var settings: SettingFlags
    @OptionGroup var who: NameOption

    @Flag(help: help("Where you are as one JSON object, instead of a screen.", "不显示界面，只输出一个说明当前进度的 JSON 对象。"))
    var json = false

    @Flag(help: help("Lines only, for screen readers: nothing is redrawn.", "只按行输出，适合屏幕阅读器：不重绘屏幕。"))
    var linear = false

    @Flag(help: help("Show a recorded run of the lab; needs no engine and changes nothing.", "播放一次实验运行的录像；不需要引擎，也不做任何改动。"))
    var demo = false

    @Option(help: help("Speed of the demo: 4 is four times as fast as the recorded run (default: 4).", "演示的播放速度，是实际速度的多少倍（默认 4）。"))
    var speed: Double?

    mutating func validate() throws {
        if speed != nil, !demo { throw ValidationError(said("--speed belongs to --demo.", "--speed 只能与 --demo 一起使用。")) }
        if let speed, !(speed >= 0.1 && speed <= 1000) {
            throw ValidationError(said("--speed takes a number from 0.1 to 1000.", "--speed 必须是 0.1 到 1000 之间的数。"))
        }
    }

    /// How the walkthrough is shown here.
    private enum Form {
        case screen
        case lines
        /// There is nobody to talk to.
        case status
    }

    private var form: Form {
        if json { return .status }
        if linear { return .lines }
        guard Console.inputIsTerminal && Console.outputIsTerminal else { return demo ? .lines : .status }
        return Console.hasScreen ? .screen : .lines
    }

    func run() async throws {
        if !demo { try who.keep(in: try lab.workspace()) }
        guard form != .status else { return try await withoutScreen() }
        let file = try lab.labFile()
        if !demo { await BreakCommand.undoLeftover(try lab.workspace()) }
        var model = AppModel(size: Size(columns: 80, rows: 24), settings: Self.looks, now: wallClock())
        Self.readKeys(&model)
        let end: AppModel
        if demo {
            let told = try DemoServices(labFile: file, speed: speed ?? 4)
            model.settings.demoSpeed = speed ?? 4
            model.now = told.start
            let refused: @Sendable (String, String?) throws -> Void = { _, _ in throw DemoServices.refusal }
            let services = Services(
                perform: { await told.perform($0, $1) }, attach: { _ in throw DemoServices.refusal }, editor: [], prepareFile: refused)
            end = try await show(model, services) { _ in told.recording }
        } else {
            let workspace = try lab.workspace()
            model.settings.asked = settings.settings
            model.settings.labWords = lab.words
            let live = LiveServices(
                workspace: workspace, labFile: file, labWords: lab.words, settings: settings.settings, environment: Console.environment,
                version: programVersion)
            let services = Services(
                perform: { await live.perform($0, $1) }, attach: { try await Self.attach(live.shell($0)) }, editor: Self.editor,
                prepareFile: { try StudentFile.prepare($0, template: $1) })
            end = try await show(model, services) { workspace.run($0) }
        }
        if end.lab.livingRun != nil, !demo { Console.output(Text.quitRunning[end.settings.language]) }
    }

    private func show(
        _ model: AppModel, _ services: Services, _ folder: @escaping @Sendable (Int) -> RunFolder
    ) async throws -> AppModel {
        if form == .lines {
            var program = LinearWalkthrough(services: services, mailbox: Mailbox(), folder: folder)
            return await program.run(model)
        }
        let mailbox = Mailbox<AppEvent>()
        var questions = Self.questions
        questions.graphics = TerminalQuestions(environment: Console.environment, usesColor: Console.usesColor, showsPictures: true).graphics
        let screen = CursesTerminal(escapeDelay: Self.escapeDelay, usesColor: Console.usesColor, questions: questions) {
            mailbox.send($0)
        }
        var program = ScreenLoop(screen: screen, mailbox: mailbox, services: services)
        return try await program.run(model)
    }

    /// The student's own keys; what is wrong with their file is the first thing shown.
    private static func readKeys(_ model: inout AppModel) {
        let path = KeyFile.path(environment: Console.environment)
        guard let text = try? Files.text(path) else { return }
        let file = KeyFile(text, path: path)
        model.settings.keys = file.keys
        if !file.problems.isEmpty { model.overlays.append(.notes(.keysTitle, file.problems)) }
    }

    private func withoutScreen() async throws {
        var status = try StatusCommand.parse([])
        status.lab = lab
        status.json = json
        try await status.run()
    }

    static var looks: Settings {
        let environment = Console.environment
        let isPlain = !(environment["AILAB_ASCII"] ?? "").isEmpty
        let look = Look(
            theme: Console.usesColor ? Console.preferences.theme.flatMap { Theme(rawValue: $0) } ?? .standard : .mono,
            glyphs: isPlain ? .ascii : .unicode,
            isLight: TerminalQuestions.isLight(environment))
        var settings = Settings(language: Console.language, look: look)
        settings.utcOffset = LocalClock.utcOffset()
        return settings
    }

    static var questions: TerminalQuestions { TerminalQuestions(environment: Console.environment, usesColor: Console.usesColor) }

    /// Here a key's sequence comes in one piece; over a slow line it may come in several.
    static var escapeDelay: Int {
        let environment = Console.environment
        if let asked = environment["AILAB_ESCDELAY"].flatMap(Int.init), (0...10_000).contains(asked) { return asked }
        return environment["SSH_CONNECTION"] == nil ? 3 : 50
    }

    private static var editor: [String] {
        let environment = Console.environment
        let named = [environment["VISUAL"], environment["EDITOR"]].compactMap(\.self).first { !$0.isEmpty }
        if let named { return named.split(separator: " ").map(String.init) }
        let installed = ["sensible-editor", "nano", "vi"].first { ExecutableLookup(path: environment["PATH"]).find($0) != nil }
        return [installed ?? "vi"]
    }

    /// Nil: the container has ended.
    private static func attach(_ visit: ShellVisit?) async throws {
        guard let visit else { return }
        // Below what was on the terminal before, which stays.
        let words = Prose.wrapped(Words(language: Console.language).shellBegins(visit.container)).joined(separator: "\n")
        Console.write("\n\(words)\n", to: STDOUT_FILENO)
        _ = try await ShellAttacher(visit).attach()
    }
}
