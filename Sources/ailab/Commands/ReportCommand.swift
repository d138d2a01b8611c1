import ArgumentParser
import LabEngine
import LabReport
import LabRunner
import LabSupport

/// `ailab report`: what was done of the lab, for the person who marks it.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: said("A written report of what was done, from the records of the runs.", "根据运行记录生成实验报告。"),
        discussion: said(
            """
            It begins with what a reader has to know: stand-ins, reference solutions, --auto, --quick, changed values, skipped sub-steps.
            Secrets, host names and the path of your home are left out. Nothing is run, and it works while a run goes on.
            Exit codes: 0 written, 2 wrong usage or nothing to report yet, 3 the file cannot be written.
            Examples: ailab report --output report.html --name "Ada Lovelace", ailab report --commands
            """,
            """
            开头列出读者必须知道的事项：替代镜像、参考答案、--auto、--quick、修改过的变量、跳过的小节。
            不包含密码密钥、主机名和主目录路径。不执行任何操作，运行进行中也可使用。
            退出码：0 已写出，2 用法错误或还没有可报告的内容，3 无法写入文件。
            示例：ailab report --output report.html --name "王小明"，ailab report --commands
            """))

    @Option(
        help: help(
            "md, html or json (docs/report.md); the file's ending if left out, else md.",
            "md、html 或 json（见 docs/report.md）；省略时取文件扩展名，否则为 md。"))
    var format: FormatName?

    @Option(
        name: .shortAndLong,
        help: help(
            "Write it into this file, whole or not at all; standard output if left out.", "写入该文件（要么完整写入，要么不写）；省略时输出到标准输出。",
            valueName: "file"),
        completion: .file(extensions: ["md", "html", "json"]))
    var output: String?

    @Flag(
        help: help(
            "Write the run as a script of plain docker and curl commands, into commands.sh if --output is left out.",
            "把整个运行写成只含 docker 和 curl 命令的脚本；省略 --output 时写入 commands.sh。"))
    var commands = false

    @Option(
        help: help(
            "Who hands it in. If left out: the name that you gave to `ailab --name`, or your login name.",
            "提交人姓名；省略时为 `ailab --name` 给出的姓名，或登录名。"))
    var name: String?

    @Option(help: help("en or zh; the language of everything else if left out.", "en 或 zh；省略时与其他输出的语言相同。"))
    var lang: LanguageName?

    @OptionGroup var lab: LabOptions

    enum FormatName: String, ExpressibleByArgument, CaseIterable {
        case md
        case html
        case json
    }

    enum LanguageName: String, ExpressibleByArgument, CaseIterable {
        case en
        case zh
    }

    mutating func validate() throws {
        if let name, !name.contains(where: { !$0.isWhitespace }) {
            throw ValidationError(said("--name takes a name.", "--name 后需要一个姓名。"))
        }
        if commands, format != nil { throw ValidationError(said("--commands has no --format.", "--commands 不能与 --format 同时使用。")) }
    }

    func run() async throws {
        if commands { return try writeCommands() }
        let form = try chosenFormat()
        let report = try lab.opened().report(author: name, version: programVersion)
        if name != nil, !report.strangeValues.isEmpty {
            let own = Text.words(report.strangeValues)
            Console.error(
                Text(
                    en:
                        "This lab gives every student values of their own. Not the values of this name: \(own.en). The report says so.",
                    zh: "本实验为每个学生分配专属取值。不是该姓名的专属取值：\(own.zh)。报告中会注明。")[Console.language])
        }
        let language = lang.flatMap { Language(rawValue: $0.rawValue) } ?? Console.language
        let offset = LocalClock.utcOffset(at: report.made)
        guard let output, output != "-" else {
            return Console.output(String(report.text(form, language: language, utcOffset: offset).dropLast()))
        }
        try report.write(to: output, form, language: language, utcOffset: offset)
        Console.error(
            Text(
                en: "Written: \(output) (\(report.tally.done) of \(report.tally.all) sub-steps done).",
                zh: "已写入 \(output)（共 \(report.tally.all) 个小节，已完成 \(report.tally.done) 个）。")[Console.language])
    }

    private func writeCommands() throws {
        let script = try lab.opened().commandScript(version: programVersion)
        let text = script.text(lang.flatMap { Language(rawValue: $0.rawValue) } ?? Console.language)
        let path = output ?? "commands.sh"
        guard path != "-" else { return Console.output(String(text.dropLast())) }
        try script.write(text, to: path)
        Console.error(
            Text(
                en: "Written: \(path) (\(script.count) sub-steps). Run it with: sh \(path)",
                zh: "已写入 \(path)（\(script.count) 个小节）。运行方法：sh \(path)")[Console.language])
    }

    /// What was asked for by name, else by the file's ending. An ending that is another program's would promise what is not in the file.
    private func chosenFormat() throws -> ReportFormat {
        if let format { return ReportFormat(rawValue: format.rawValue) ?? .markdown }
        guard let output, output != "-" else { return .markdown }
        if Files.isDirectory(output) { return .markdown }
        if let form = ReportFormat(path: output) { return form }
        let file = output.split(separator: "/").last ?? ""
        guard file.dropFirst().contains(".") else { return .markdown }
        throw LabError(
            .usageOutput,
            Text(en: "`\(output)` doesn't end like a report, so its format is unknown.", zh: "从 `\(output)` 的扩展名看不出报告的格式。"),
            hint: Text(
                en:
                    "Endings are .md, .html and .json; `--format` chooses one for any other name. For a PDF, print the HTML from a browser.",
                zh: "扩展名可以是 .md、.html 或 .json；其他文件名请用 `--format` 指定格式。需要 PDF 时，用浏览器打开 HTML 后打印。"))
    }
}
