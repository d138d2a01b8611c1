import ArgumentParser
import Glibc
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// The program: its subcommands, and nothing else.
@main
struct Ailab: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ailab",
        abstract: said(
            "Guides you through a hands-on lab: it runs every step, checks the result on this machine, and explains every failure.",
            "陪你完成一次动手实验：每一步都真实执行，在本机检查结果，每个失败都给出解释。"),
        discussion: said(
            """
            Exit codes: 0 done, 1 a step or check failed, 2 wrong usage, 3 blocked by the environment, 130 interrupted.
            Environment: AILAB_HOME (workspace), AILAB_LABS (folder of lab files), AILAB_LANG (en or zh), NO_COLOR, DOCKER_HOST.
            """,
            """
            退出码：0 完成，1 步骤或检查失败，2 用法错误，3 被本机环境阻止，130 被中断。
            环境变量：AILAB_HOME（工作区）、AILAB_LABS（实验文件目录）、AILAB_LANG（en 或 zh）、NO_COLOR、DOCKER_HOST。
            """),
        version: programVersion,
        subcommands: [
            WalkthroughCommand.self, StatusCommand.self, StepCommand.self, ListCommand.self, VerifyCommand.self, LogsCommand.self,
            AttachCommand.self, StopCommand.self, DoctorCommand.self, DiagnoseCommand.self, BreakCommand.self, TopCommand.self,
            LoadCommand.self,
            ReportCommand.self, DeployCommand.self, GradeCommand.self, ResetCommand.self, CleanCommand.self, EngineCommand.self,
            LabCommand.self,
            RunnerCommand.self,
        ],
        defaultSubcommand: WalkthroughCommand.self)

    /// With fewer open files, the runtime's own library ends the program with a trap.
    private static let neededFiles = 24

    private static func tooFewFiles(_ limit: Int) -> LabError {
        LabError(
            .limitOpenFiles,
            Text(
                en: "This shell allows \(limit) open files, but ailab needs \(neededFiles).",
                zh: "当前 shell 只允许打开 \(limit) 个文件，而 ailab 需要 \(neededFiles) 个。"),
            hint: Files.openFilesHint)
    }

    /// Parses and runs; every failure leaves by one of the documented exit codes.
    static func main() async {
        do {
            Console.secureDescriptors()
            Interrupts.secureSignals()
            let limit = sysconf(Int32(_SC_OPEN_MAX))
            if (0..<neededFiles).contains(limit) { throw tooFewFiles(limit) }
            begin(OwnProgram.arguments)
            try refuseUnreadableWord()
            try refuseUnknownCommand()
            var command = try parseAsRoot(OwnProgram.arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            ExitCodes.leave(0)
        } catch {
            leave(error)
        }
    }

    /// Begins what the command is going to need, while its words are being understood. A wrong guess costs processor time only.
    private static func begin(_ words: [String]) {
        guard !words.contains(where: { ["-h", "--help", "--version", "--demo"].contains($0) }) else { return }
        let command = words.first.flatMap { $0.hasPrefix("-") ? nil : $0 } ?? "walk"
        if ["walk", "status", "list"].contains(command) {
            let search = LabSearch(environment: Console.environment)
            if let file = try? search.file(Console.word(after: "--lab") ?? LabSearch.usual) { HeadStart.read(lab: file) }
        }
        if ["status", "step", "verify", "doctor", "engine", "top", "clean"].contains(command) { HeadStart.loadTransport() }
    }

    /// A word that isn't UTF-8 would become another one, such as the name of another file.
    private static func refuseUnreadableWord() throws {
        guard let word = OwnProgram.arguments.first(where: { $0.unicodeScalars.contains("\u{FFFD}") }) else { return }
        let shown = SafeLines.clean(text: String(word.prefix(60)))
        throw LabError(
            .usageCommand, Text(en: "`\(shown)` isn't valid UTF-8.", zh: "`\(shown)` 不是有效的 UTF-8。"),
            hint: Text(en: "Rename the file or folder, or write another name.", zh: "请将该文件或目录改名，或使用其他名称。"))
    }

    /// A mistyped command would be taken for an argument of the default one, and the complaint would be about that.
    private static func refuseUnknownCommand() throws {
        let known = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard let word = OwnProgram.arguments.first, !word.hasPrefix("-"), !known.contains(word) else { return }
        let shown = SafeLines.clean(text: String(word.prefix(200)))
        let nearest = NearestWord.to(word, among: known)
        throw LabError(
            .usageCommand,
            Text(
                en: "There is no command `\(shown)`" + (nearest.map { "; did you mean `\($0)`?" } ?? "."),
                zh: "没有命令 `\(shown)`" + (nearest.map { "；是不是想写 `\($0)`？" } ?? "。")),
            hint: Text(en: "`ailab --help` lists the commands.", zh: "`ailab --help` 会列出所有命令。"))
    }

    /// ArgumentParser's message. What a program reads (`--generate-completion-script`) stays as it is.
    private static func told(_ error: any Error) -> String {
        let isForPrograms = OwnProgram.arguments.contains {
            $0.hasPrefix("--generate-completion-script") || $0 == "--experimental-dump-help"
        }
        guard Console.language == .zh, !isForPrograms else { return fullMessage(for: error) }
        // In lines without an end, a Chinese sentence isn't broken at the blanks around a name.
        return ChineseHelp.wrapped(ParserText.chinese(fullMessage(for: error, columns: 10_000)), columns: ChineseHelp.columns)
    }

    private static func leave(_ error: any Error) -> Never {
        if let exit = error as? ExitCode { ExitCodes.leave(exit.rawValue) }
        if let failure = error as? LabError {
            ErrorPrinter.print(failure)
            ExitCodes.leave(failure.exitStatus)
        }
        // Errors of a room below, such as those of a connection, aren't the parser's either.
        let described = LabError(describing: error)
        if described.code != .internal {
            ErrorPrinter.print(described)
            ExitCodes.leave(described.exitStatus)
        }
        // ArgumentParser leaves with 64 for wrong usage; here that is 2.
        let code = exitCode(for: error)
        let message = told(error)
        if code == .success {
            Console.parserOutput(message)
            ExitCodes.leave(0)
        }
        Console.error(message)
        ExitCodes.leave(code == .validationFailure ? ExitStatus.wrongUse : code.rawValue)
    }
}

/// Version of the program, recorded in every journal.
let programVersion = "0.2.0"
