import ArgumentParser
import LabEngine
import LabRunner

/// `ailab reset 2.4`: removes what a step made, so that it can start again.
struct ResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: said("Remove what a step made, so that you can start it again.", "删除某个步骤的成果，以便重新开始。"),
        discussion: said(
            """
            Shows what goes and asks once. Only containers and images that ailab made in this workspace for that step are removed, and the \
            files that its checks name; Dockerfiles that you wrote stay. Later steps keep what they have: `verify` tells which of them no \
            longer hold.
            Example: ailab reset 2.4
            """,
            """
            先列出将删除的内容并询问一次。只删除 ailab 在本工作区为该步骤创建的容器和镜像，以及其检查所指的文件；你自己写的 Dockerfile 会保留。\
            后面步骤的成果不受影响：`verify` 会指出哪些不再成立。
            示例：ailab reset 2.4
            """))

    @Argument(
        help: help("Step (3), sub-step (4.5), range (2-4) or all.", "步骤（3）、小节（4.5）、范围（2-4）或 all。"), completion: LabOptions.stepCompletion)
    var selection: String

    @Flag(name: .shortAndLong, help: help("Do not ask.", "不询问确认。"))
    var yes = false

    @Flag(help: help("One JSON object for everything removed, on standard output, and nothing else.", "标准输出只含 JSON，每个删除项一个对象。"))
    var json = false

    @OptionGroup var lab: LabOptions
    @OptionGroup var settings: SettingFlags

    func run() async throws {
        let lab = try lab.opened()
        let reset = try await LabReset(lab, selection, options: settings.applied(to: lab.progress.options))
        let words = Words(language: Console.language)
        let removal = Removal(reset.objects, isJSON: json)
        removal.show()
        if let unseen = reset.unseen { ErrorPrinter.print(unseen) }
        if !json { for path in reset.ownFiles { Console.error(words.ownFileStays(path)) } }
        guard try reset.objects.isEmpty || removal.isAgreed(yes: yes) else { return Console.error(words.nothingRemoved) }
        let outcome = try await reset.perform()
        removal.report(outcome.left, isDone: true)
        if !json, !outcome.tasks.isEmpty { Console.output(words.tasksForgotten(outcome.tasks)) }
        guard outcome.left.isEmpty else { throw ExitCodes.failed }
        if reset.unseen != nil { throw ExitCodes.blocked }
    }
}
