import ArgumentParser
import Diagnosis
import Glibc
import LabEngine
import LabSupport

/// `ailab diagnose [FILE|-]`: the cause of a captured output.
struct DiagnoseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose",
        abstract: said(
            "Name the cause of a failure by its output, show the line that proves it, and give the cure.", "根据输出找出失败的原因，给出依据的那一行和解决办法。"),
        discussion: said(
            """
            Reads a file, or standard input: docker build . 2>&1 | ailab diagnose
            Exit codes: 0 nothing is wrong in it, 1 a failure was found (known or not), 2 wrong usage.
            """,
            """
            读取文件或标准输入：docker build . 2>&1 | ailab diagnose
            退出码：0 输出中没有问题，1 发现了失败（无论是否已知），2 用法错误。
            """))

    @Argument(help: help("The output of a failed command. `-` or nothing: standard input.", "失败命令的输出；`-` 或省略表示标准输入。"))
    var file: String = "-"

    @Flag(
        help: help("One JSON object: {\"schema\":1,\"findings\":[…]}, best first.", "输出一个 JSON 对象：{\"schema\":1,\"findings\":[…]}，最可能的在前。"))
    var json = false

    @Option(
        help: help(
            "The step or sub-step that failed (4.3). Causes that can't occur there come last, and commands name it.",
            "失败的步骤或小节（4.3）：不可能在那里出现的原因排在后面，命令中会写明该步骤。"))
    var step: String?

    @Option(
        name: .customLong("where"),
        help: help(
            "Where it failed: build, pull, run, container, train, archive, serve, request, daemon or host. May be repeated.",
            "在哪里失败：build、pull、run、container、train、archive、serve、request、daemon 或 host；可重复使用。"))
    var places: [Symptom.Place] = []

    @Flag(help: help("The output is another machine's: show the cures for every distribution and engine.", "输出来自另一台机器：显示适用于各发行版和引擎的解决办法。"))
    var elsewhere = false

    @Flag(
        help: help(
            "The output is this machine's: its distribution, user and services choose the cures.", "输出来自本机：按本机的发行版、用户和服务选择解决办法。"))
    var here = false

    @Flag(help: help("Show all cures, not only the first three.", "显示全部解决办法，而不只是前三个。"))
    var all = false

    @OptionGroup var lab: LabOptions

    func validate() throws {
        if here, elsewhere {
            throw ValidationError(said("--here and --elsewhere exclude each other.", "--here 与 --elsewhere 不能同时使用。"))
        }
    }

    func run() async throws {
        if file == "-", Console.inputIsTerminal {
            Console.error(
                Text(en: "Paste the output, then press Ctrl-D on an empty line.", zh: "请粘贴输出内容，然后在空行按 Ctrl-D。")[Console.language])
        }
        let bytes = try read()
        let failed = try step.map { OutputDiagnosis.FailedStep(lab: try lab.opened(), selection: $0, labWords: lab.words) }
        let findings = try await OutputDiagnosis.findings(
            in: bytes, from: here ? .here : elsewhere ? .elsewhere : .unknown, places: places, step: failed,
            environment: Console.environment)
        if json {
            Console.output(Finding.json(findings, language: Console.language))
        } else {
            FindingPrinter(language: Console.language, showsAll: all).show(findings)
        }
        if !findings.isEmpty { throw ExitCodes.failed }
    }

    /// No more of an output is looked at. What made a command fail is near its end.
    private static let limit = 8 << 20

    private func read() throws -> [UInt8] {
        let descriptor = file == "-" ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw Files.error(errno, file) }
        defer { close(descriptor) }
        let (bytes, isCut) = try Files.readEnd(of: descriptor, file, limit: Self.limit)
        if isCut {
            let size = ByteSize.shown(Double(Self.limit))
            Console.error(
                Text(en: "Only the last \(size) are looked at.", zh: "只检查最后 \(size)。")[Console.language])
        }
        return bytes
    }
}

extension Symptom.Place: ExpressibleByArgument {}
