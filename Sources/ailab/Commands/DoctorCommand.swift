import ArgumentParser
import ContainerEngine
import Doctor
import Glibc
import LabEngine
import LabFile
import LabSupport
import LabTUI

/// `ailab doctor`: what of this machine keeps the lab from being done, before anything fails.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: said(
            "Look at this machine before anything fails: what blocks which step, why, and the cure.", "在出错之前检查本机：什么问题阻塞哪个步骤、原因和解决办法。"),
        discussion: said(
            """
            Changes nothing without --fix. Exit codes: 0 nothing blocks the lab, 1 something does, 3 the doctor could not do its work.
            Example: ailab doctor --only engine --only gpu
            """,
            """
            不加 --fix 时不做任何更改。退出码：0 没有阻塞实验的问题，1 有，3 无法完成检查。
            示例：ailab doctor --only engine --only gpu
            """))

    @Option(help: help("Only these checks: an id, or the beginning of one.", "只做这些检查：id 或其前缀。", valueName: "id"))
    var only: [String] = []

    @Option(help: help("Without these checks.", "略过这些检查。", valueName: "id"))
    var skip: [String] = []

    @Flag(help: help("One JSON object.", "输出一个 JSON 对象。"))
    var json = false

    @Option(
        help: help(
            "Write an archive for a person who helps you. It contains no passwords and no keys.", "生成一个归档文件，供协助你的人排查；不含密码和密钥。",
            valueName: "file"),
        completion: .file())
    var bundle: String?

    @Flag(help: help("Show all cures, not only the first three of each finding.", "显示全部解决办法，而不只是每项的前三种。"))
    var all = false

    @Flag(
        help: help("Apply cures: each one is shown and asked about, and then the failed check runs again.", "执行解决办法：逐个显示并询问，然后重做失败的检查。"))
    var fix = false

    @Flag(name: .shortAndLong, help: help("With --fix: do not ask, except where something is removed.", "与 --fix 合用：不询问确认（删除内容时除外）。"))
    var yes = false

    @OptionGroup var lab: LabOptions
    @OptionGroup var settings: SettingFlags

    func validate() throws {
        if yes, !fix { throw ValidationError(said("--yes belongs to --fix.", "--yes 只能与 --fix 一起使用。")) }
        if fix, json, !yes {
            throw ValidationError(said("--fix --json needs --yes: nobody can be asked.", "--fix --json 需要 --yes：无法询问。"))
        }
    }

    func run() async throws {
        let selection = try Doctor.Selection.checks(only: only, skip: skip)
        var examination = examination
        var report = await examination.report(selection)
        show(report, examination)
        if fix, !report.findings.isEmpty {
            // A cure may change the environment that the rest is judged by.
            let before = examination.environment
            examination = try await MachineFix(dialogue: TerminalCures(yes: yes, isJSON: json)).fix(report, examination)
            if !json { tellShell(before, examination.environment) }
            report = await examination.report(selection)
            show(report, examination)
        }
        if let bundle { try await write(bundle, report, examination) }
        if report.blocks { throw ExitCodes.failed }
    }

    private func show(_ report: DoctorReport, _ examination: Examination) {
        if json {
            Console.output(report.json(Console.language))
        } else {
            DoctorPrinter(report, spec: examination.spec, showsAll: all).lines.forEach { Console.output($0) }
        }
    }

    /// A lab that can't be read, or a workspace that can't be made, is a finding and no reason to say nothing.
    private var examination: Examination {
        let spec = try? LabSpecLoader.spec(path: try lab.labFile())
        let home = lab.home.root
        return Examination(
            environment: Console.environment, home: home, lab: spec,
            options: settings.applied(to: Examination.latestOptions(home: home, lab: spec)),
            terminal: TerminalSize(of: STDOUT_FILENO).map { DoctorScene.Terminal(columns: $0.columns, rows: $0.rows) })
    }

    /// A program can't change the shell that called it: what a cure exported holds there only once it's typed.
    private func tellShell(_ before: [String: String], _ after: [String: String]) {
        let set = after.filter { before[$0.key] != $0.value }.sorted { $0.key < $1.key }.map {
            "export \(ShellWord.line(["\($0.key)=\($0.value)"]))"
        }
        let gone = before.keys.filter { after[$0] == nil }.sorted().map { "unset \($0)" }
        guard !(set + gone).isEmpty else { return }
        Console.error(Text(en: "To have it in your own shell, type:", zh: "要在你自己的终端里生效，请输入：")[Console.language])
        for line in set + gone { Console.error("    \(line)") }
    }

    private func write(_ path: String, _ report: DoctorReport, _ examination: Examination) async throws {
        let written = try await examination.writeBundle(report, to: path, version: programVersion)
        let language = Console.language
        Console.error(
            Text(en: "Written: \(written.path). In it, without passwords and keys:", zh: "已写入 \(written.path)。其中包含以下内容，不含密码和密钥：")[language])
        for member in written.members { Console.error("  \(member.name)  \(member.text[language])") }
        Console.error(Text(en: "Look through it before you send it to anybody.", zh: "发给他人之前请先查看一遍。")[language])
    }
}
