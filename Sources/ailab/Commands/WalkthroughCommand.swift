import ArgumentParser
import Glibc
import LabEngine
import LabTUI

/// `ailab`: the lab on the whole terminal. Without a terminal: where the student is, and what to type.
struct WalkthroughCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "walk", abstract: "Walk through the lab on the whole terminal. The same as `ailab` alone.",
        discussion: """
            Leaving it (q) never ends what runs: it goes on, and the next `ailab` shows it again.
            Environment: AILAB_ASCII=1 (no lines and symbols beyond ASCII), NO_COLOR, AILAB_ESCDELAY (milliseconds to wait after Esc).
            Example: ailab --quick
            """)

    @OptionGroup var lab: LabOptions
    @OptionGroup var settings: SettingFlags

    @Flag(help: "Where you are as one JSON object, instead of a screen.")
    var json = false

    /// Whether a screen can be drawn here at all.
    static var hasScreen: Bool {
        let environment = Console.environment
        let terminal = environment["TERM"] ?? ""
        let isLinear = !(environment["AILAB_LINEAR"] ?? "").isEmpty
        return Console.inputIsTerminal && Console.outputIsTerminal && !terminal.isEmpty && terminal != "dumb" && !isLinear
    }

    func run() async throws {
        guard Self.hasScreen, !json else { return try await withoutScreen() }
        let workspace = try lab.workspace()
        let file = try lab.labFile()
        let options = settings.applied(to: RunOptions())
        let live = LiveServices(workspace: workspace, labFile: file, options: options, environment: Console.environment)
        let mailbox = Mailbox<AppEvent>()
        let screen = CursesTerminal(escapeDelay: Self.escapeDelay, usesColor: Console.usesColor) { mailbox.send($0) }
        let services = Services(
            perform: { await live.perform($0, $1) }, attach: Self.attach, editor: Self.editor, prepareFile: Self.prepare)
        var program = Program(screen: screen, mailbox: mailbox, services: services)
        let model = AppModel(size: Size(columns: 80, rows: 24), settings: Self.looks, now: wallClock())
        let end = try await program.run(model)
        if end.lab.livingRun != nil { Console.output(Word.quitRunning.text[end.settings.language]) }
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
        let look = Look(theme: Console.usesColor ? .standard : .mono, glyphs: isPlain ? .ascii : .unicode)
        var settings = Settings(language: Console.language, look: look)
        settings.utcOffset = utcOffset
        return settings
    }

    private static var utcOffset: Int {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return parts.tm_gmtoff
    }

    /// Here a key's sequence comes in one piece; over a slow line it may come in several.
    static var escapeDelay: Int {
        let environment = Console.environment
        if let asked = environment["AILAB_ESCDELAY"].flatMap(Int.init), asked >= 0 { return asked }
        return environment["SSH_CONNECTION"] == nil ? 3 : 50
    }

    private static var editor: [String] {
        let environment = Console.environment
        let named = [environment["VISUAL"], environment["EDITOR"]].compactMap(\.self).first { !$0.isEmpty }
        if let named { return named.split(separator: " ").map(String.init) }
        let installed = ["sensible-editor", "nano", "vi"].first { ExecutableLookup(path: environment["PATH"]).find($0) != nil }
        return [installed ?? "vi"]
    }

    private static func prepare(_ path: String, _ template: String?) throws {
        guard !Files.exists(path), let template else { return }
        try Files.makeDirectory(path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" })
        try Files.write(try Files.read(template), to: path)
    }

    private static func attach(_ container: String) async throws {
        let docker = try await EngineFinder.reach(nil, http: CurlHTTPClient.shared, environment: Console.environment)
        // Below what stood on the terminal before, which stays.
        Console.write("\n\(Words(language: Console.language).shellBegins(container))\n", to: STDOUT_FILENO)
        _ = try await ShellAttacher(docker, container: container).attach()
    }
}
