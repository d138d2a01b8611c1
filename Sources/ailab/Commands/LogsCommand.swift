import ArgumentParser
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
        let folder = try chosen(workspace, wanted)
        if follow {
            let watcher = RunWatcher(view: view)
            guard let wanted, let selection else { return try await watcher.follow(workspace, folder) }
            tellEnd(of: folder, workspace, selection)
            return try await watcher.follow(workspace, folder, only: wanted)
        }
        var printer: any EventPrinter = view.json ? JSONPrinter() : PlainPrinter(folder: folder, plain: view.plain)
        for event in JournalReader.events(of: folder) {
            if let wanted { guard let task = event.task, wanted.contains(task) else { continue } }
            printer.show(event)
        }
        printer.finish()
    }

    /// The run asked for; else the active one, else the latest that touched what was asked for.
    private func chosen(_ workspace: Workspace, _ wanted: Set<TaskID>?) throws -> RunFolder {
        if let run {
            guard workspace.runs.contains(where: { $0.number == run }) else {
                throw Self.none(Text(en: "There is no run \(run).", zh: "没有运行 \(run)。"))
            }
            guard wanted.map({ mayShow(workspace.run(run), workspace, $0) }) ?? true else {
                let asked = selection ?? ""
                throw Self.none(Text(en: "Run \(run) did nothing of \(asked).", zh: "运行 \(run) 没有执行过 \(asked)。"))
            }
            return workspace.run(run)
        }
        if let run = WorkspaceLock.holder(of: workspace)?.run {
            let active = workspace.run(run)
            if wanted.map({ follow && mayShow(active, workspace, $0) }) ?? true { return active }
        }
        guard let touching = workspace.runs.last(where: { folder in wanted.map { Self.hasBegun($0, in: folder) } ?? Self.hasBegun(folder) })
        else {
            throw Self.none(
                selection.map { Text(en: "Nothing of \($0) has been run here yet.", zh: "这里还没有运行过 \($0)。") }
                    ?? Text(en: "Nothing has been run here yet.", zh: "这里还没有运行过任何步骤。"))
        }
        return touching
    }

    /// Whether a run has something of these tasks to show, or will have: the active run, if it plans them or has planned nothing yet.
    private func mayShow(_ folder: RunFolder, _ workspace: Workspace, _ tasks: Set<TaskID>) -> Bool {
        if Self.hasBegun(tasks, in: folder) { return true }
        guard follow, WorkspaceLock.holder(of: workspace)?.run == folder.number else { return false }
        let planned = JournalReader.events(of: folder).lazy.compactMap { event in
            if case .runStarted(let start) = event.payload { start.tasks.map(\.id) } else { nil }
        }
        return planned.first.map { !tasks.isDisjoint(with: $0) } ?? true
    }

    /// Whether there is something to show of a run: it began, and it isn't an earlier version's record of a skip or a reset.
    private static func hasBegun(_ folder: RunFolder) -> Bool {
        JournalReader.events(of: folder, types: ["runStarted"]).contains { event in
            if case .runStarted(let start) = event.payload { !start.isMark } else { false }
        }
    }

    private static func hasBegun(_ tasks: Set<TaskID>, in folder: RunFolder) -> Bool {
        JournalReader.events(of: folder).contains { event in
            guard case .taskStarted = event.payload, let task = event.task else { return false }
            return tasks.contains(task)
        }
    }

    /// Says that nothing will come if the followed run isn't active.
    private func tellEnd(of folder: RunFolder, _ workspace: Workspace, _ selection: String) {
        let holder = WorkspaceLock.holder(of: workspace)
        guard holder?.run != folder.number else { return }
        let words = Words(language: Console.language)
        Console.error(words.notAtWork(selection, shown: folder.number, instead: holder?.run))
    }

    private static func none(_ text: Text) -> LabError {
        LabError(.usageRun, text, hint: Text(en: "`ailab list` shows the steps.", zh: "`ailab list` 会列出所有步骤。"))
    }
}
