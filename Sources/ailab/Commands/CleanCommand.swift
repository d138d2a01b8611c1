import ArgumentParser
import LabEngine
import LabRunner
import LabSupport

/// `ailab clean`: frees what this workspace takes on the engine and on the disk.
struct CleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: said(
            "Free disk space: remove containers, images, caches and old records of this workspace.", "释放磁盘：删除本工作区的容器、镜像、缓存和旧记录。"),
        discussion: said(
            """
            Names everything with its size and asks once. Only what carries this workspace's label is removed; your own files stay, and so \
            do the records that say what you have done.
            Example: ailab clean --dry-run
            """,
            """
            列出每一项及其大小，并询问一次。只删除带有本工作区标签的内容；你自己的文件和完成记录都会保留。
            示例：ailab clean --dry-run
            """))

    @Flag(help: help("Only show what would go.", "只显示会删除什么。"))
    var dryRun = false

    @Flag(name: .shortAndLong, help: help("Do not ask.", "不询问确认。"))
    var yes = false

    @Flag(help: help("One JSON object for everything found, on standard output, and nothing else.", "标准输出只含 JSON，每个找到的项一个对象。"))
    var json = false

    @OptionGroup var home: HomeOption

    func run() async throws {
        let workspace = try Workspace(root: home.root)
        let cleaning = try await WorkspaceCleaning(workspace, environment: Console.environment, onlyLooks: dryRun)
        let removal = Removal(cleaning.objects, isJSON: json)
        removal.show()
        if let failure = cleaning.engineFailure { ErrorPrinter.print(failure) }
        if let unseen = cleaning.unseen {
            if cleaning.mayHide {
                ErrorPrinter.print(unseen)
            } else {
                Console.error(unseen.message.followed(by: unseen.hint)[Console.language])
            }
        }
        if let leftovers = cleaning.leftovers { Console.error(leftovers[Console.language] + said(".", "。")) }
        if dryRun {
            removal.report([], isDone: false)
        } else if !cleaning.objects.isEmpty {
            guard try removal.isAgreed(yes: yes) else { return Console.error(Words(language: Console.language).nothingRemoved) }
            let left = try await cleaning.perform()
            removal.report(left, isDone: true)
            guard left.isEmpty else { throw ExitCodes.failed }
        }
        if cleaning.engineFailure != nil || cleaning.mayHide { throw ExitCodes.blocked }
    }
}
