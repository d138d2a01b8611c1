import ArgumentParser
import LabEngine
import LabFile
import LabSupport

/// `ailab deploy`: the files that serve the student's model elsewhere.
struct DeployCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: said(
            "Write the files that serve your model with Compose, Swarm or Kubernetes.", "生成用 Compose、Swarm 或 Kubernetes 提供模型服务的文件。"),
        discussion: said(
            """
            Writes what a person would write by hand, says what it left out, and prints the commands. Nothing is started. A file that you \
            changed is replaced only after a question.
            Exit codes: 0 written or left as it was, 2 wrong usage or nothing to deploy yet, 3 a file cannot be written.
            Examples: ailab deploy --to compose, ailab deploy --to swarm --output cluster
            """,
            """
            生成与手写相当的文件，说明未包含的内容，并打印要执行的命令。不会启动任何东西。你修改过的文件会先询问再替换。
            退出码：0 已写出或保持不变，2 用法错误或还没有可部署的内容，3 无法写入文件。
            示例：ailab deploy --to compose，ailab deploy --to swarm --output cluster
            """))

    @Option(help: help("What runs the service.", "由什么运行该服务。", valueName: "platform"))
    var to: DeployTarget

    @Option(
        name: .shortAndLong,
        help: help(
            "The folder to write into; if left out, one with the names of the lab and the platform here.",
            "写入的目录；省略时在当前目录下创建以实验和平台命名的目录。", valueName: "folder"),
        completion: .directory)
    var output: String?

    @Flag(name: .shortAndLong, help: help("Replace files that differ without asking.", "不询问，直接替换有差异的文件。"))
    var yes = false

    @OptionGroup var lab: LabOptions

    func run() async throws {
        let opened = try lab.opened()
        let deployment = try await opened.deployment(to: to, labWords: lab.words, language: Console.language)
        let folder = output.flatMap { $0.isEmpty ? nil : $0 } ?? "\(opened.spec.id)-\(to.rawValue)"
        guard try mayReplace(deployment.differing(in: folder), in: folder) else {
            return Console.error(Text(en: "Nothing was written.", zh: "没有写入任何内容。")[Console.language])
        }
        try deployment.write(to: folder)
        for file in deployment.files { Console.output("\(folder)/\(file.name)") }
        for note in deployment.notes { Console.error("  \(note[Console.language])") }
        Console.error(Text(en: "Commands, in that folder:", zh: "在该目录中执行：")[Console.language])
        for command in deployment.commands { Console.error("  \(command.told(Console.language))") }
    }

    /// Asks on a terminal. Throws wrong usage if nobody can be asked.
    private func mayReplace(_ names: [String], in folder: String) throws -> Bool {
        if names.isEmpty || yes { return true }
        let list = names.map { "\(folder)/\($0)" }.joined(separator: ", ")
        guard Console.inputIsTerminal, Console.errorIsTerminal else {
            throw LabError(
                .usageYes, Text(en: "Nothing was written: \(list) would change.", zh: "没有写入任何内容：\(list) 会被改动。"),
                hint: Text(
                    en: "Name another folder with --output, or add --yes to replace it.", zh: "用 --output 指定另一个目录，或加上 --yes 直接替换。"))
        }
        return Console.ask(
            Text(en: "\(list) exists with another content. Replace it? [y/N] ", zh: "\(list) 已存在且内容不同。是否替换？[y/N] ")[
                Console.language])
    }
}

extension DeployTarget: ExpressibleByArgument {}
