import ArgumentParser
import Doctor
import Glibc
import LabFile
import LabRunner
import LabSupport

/// `ailab doctor`: what of this machine keeps the lab from being done, before anything fails.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: said(
            "Look at this machine before anything fails: what blocks which step, why, and the cure.", "在出错之前检查本机：什么问题阻塞哪个步骤、原因和处理方法。"),
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
        help: help("Write an archive for whoever helps: no passwords, no keys.", "写一个供他人协助排查的归档：不含密码和密钥。", valueName: "file"),
        completion: .file())
    var bundle: String?

    @Flag(
        help: help("Carry cures out: each is shown and asked about, and the check that failed is made again.", "执行处理方法：逐个显示并询问，然后重做失败的检查。"))
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
        let selection = Doctor.Selection(only: only, skip: skip)
        if let unknown = selection.unknown.first { throw Self.unknown(unknown) }
        var scene = scene
        var report = await Doctor(scene).report(selection)
        show(report, scene)
        if fix, !report.findings.isEmpty {
            // A cure may change the environment that the rest is judged by.
            scene = try await DoctorFixer(session: CureSession(yes: yes, isJSON: json, environment: Console.environment)).fix(report, scene)
            report = await Doctor(scene).report(selection)
            show(report, scene)
        }
        if let bundle { try await write(bundle, report, scene) }
        if report.blocks { throw ExitCodes.failed }
    }

    private func show(_ report: DoctorReport, _ scene: DoctorScene) {
        if json {
            Console.output(report.json(Console.language))
        } else {
            DoctorPrinter(report, spec: scene.spec).lines.forEach { Console.output($0) }
        }
    }

    /// A lab that cannot be read, or a workspace that cannot be made, is a finding and no reason to fall silent.
    private var scene: DoctorScene {
        let spec = try? LabSpecLoader.spec(path: try lab.labFile())
        let home = lab.home.root
        var options = RunOptions()
        if let spec, Files.exists("\(home)/id"), let workspace = try? Workspace(root: home) {
            options = LabProgress(workspace, spec).options
        }
        var size = winsize()
        let isTerminal = Console.outputIsTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return DoctorScene(
            environment: Console.environment, home: home, lab: spec, options: settings.applied(to: options),
            terminal: isTerminal ? DoctorScene.Terminal(columns: Int(size.ws_col), rows: Int(size.ws_row)) : nil)
    }

    private func write(_ path: String, _ report: DoctorReport, _ scene: DoctorScene) async throws {
        let written = try await DoctorBundle(scene, report, version: programVersion).write(to: path)
        let language = Console.language
        Console.error(
            Text(en: "Written: \(written.path). In it, without passwords and keys:", zh: "已写入 \(written.path)。其中包含以下内容，不含密码和密钥：")[language])
        for member in written.members { Console.error("  \(member.name)  \(member.text[language])") }
        Console.error(Text(en: "Look through it before you send it to anybody.", zh: "发给他人之前请先查看一遍。")[language])
    }

    private static func unknown(_ name: String) -> LabError {
        let families = Doctor.probes.map { String($0.id.prefix { $0 != "." }) }.reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let nearest = NearestWord.to(name, among: Doctor.probes.map(\.id) + families)
        let shown = SafeLines.clean(text: name)
        return LabError(
            "usage.check",
            Text(
                en: "There is no check `\(shown)`" + (nearest.map { "; did you mean `\($0)`?" } ?? "."),
                zh: "没有检查项 `\(shown)`" + (nearest.map { "；是不是想写 `\($0)`？" } ?? "。")),
            hint: Text(
                en: "Groups: \(families.joined(separator: ", ")). `ailab doctor` shows all ids.",
                zh: "检查分组：\(families.joined(separator: "、"))。`ailab doctor` 会显示所有 id。"))
    }
}
