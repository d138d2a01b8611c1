import ArgumentParser
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// `ailab logs -f`: a run's journal as it was shown, also from another terminal while it goes on.
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: said(
            "Show what a run did, or what a step printed the last time. -f follows the active run.", "显示某次运行做了什么，或某个步骤上次的输出；-f 跟踪正在进行的运行。"),
        discussion: said(
            """
            With a step, -f shows what that step does until it ends, and exits with 0 if it succeeds. If the step is over already, it shows \
            what the step printed the last time.
            Example: ailab logs 3.4 -f
            """,
            """
            指定步骤时，-f 只显示该步骤的内容，直到它结束；成功则退出码为 0。若该步骤已经结束，则显示它上次的输出。
            示例：ailab logs 3.4 -f
            """)
    )

    @Argument(
        help: help("Step (3) or sub-step (3.4); everything of the latest run if left out.", "步骤（3）或小节（3.4）；省略时显示最近一次运行的全部内容。"),
        completion: LabOptions.stepCompletion)
    var selection: String?

    @Flag(name: .shortAndLong, help: help("Stay and follow.", "持续跟踪。"))
    var follow = false

    @Option(help: help("Number of the run; the latest if left out.", "运行编号；省略时为最近一次。"))
    var run: Int?

    @OptionGroup var lab: LabOptions
    @OptionGroup var view: ViewFlags

    func run() async throws {
        let workspace = try lab.workspace()
        let file = try lab.labFile()
        let wanted = try selection.map { Set(try LabGraph(LabSpecLoader.spec(path: file)).select($0)) }
        let recorded = try RecordedRun(run, in: workspace, tasks: wanted, selection: selection, follows: follow)
        let folder = recorded.folder
        if follow {
            let watcher = RunWatcher(view: view)
            guard let wanted, let selection else { return try await watcher.follow(workspace, folder) }
            tellEnd(of: folder, workspace, selection)
            return try await watcher.follow(workspace, folder, only: wanted)
        }
        var printer: any EventPrinter = view.json ? JSONPrinter() : PlainPrinter(folder: folder, plain: view.plain)
        for event in recorded.events(of: wanted) { printer.show(event) }
        printer.finish()
    }

    /// Says that nothing will come if the followed run isn't active.
    private func tellEnd(of folder: RunFolder, _ workspace: Workspace, _ selection: String) {
        let active = RecordedRun.active(in: workspace)?.folder.number
        guard active != folder.number else { return }
        let words = Words(language: Console.language)
        Console.error(words.notAtWork(selection, shown: folder.number, instead: active))
    }
}
