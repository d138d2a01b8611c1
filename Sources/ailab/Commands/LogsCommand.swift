import ArgumentParser
import LabEngine

/// `ailab logs -f`: a run's journal as it was shown, also from another terminal while it goes on.
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: said(
            "Show what a run did, or what a step printed the last time; -f follows the run at work.", "显示某次运行做了什么，或某个步骤上次的输出；-f 跟踪正在进行的运行。"),
        discussion: said("Example: ailab logs -f", "示例：ailab logs -f")
    )

    @Argument(
        help: help("Step (3) or sub-step (3.4); everything of the latest run if left out.", "步骤（3）或小步骤（3.4）；省略时显示最近一次运行的全部内容。"),
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
        let folder = try chosen(workspace)
        let file = try lab.labFile()
        if follow {
            try await RunWatcher(workspace: workspace, labFile: file, view: view).follow(folder)
            return
        }
        let wanted = try selection.map { Set(try LabGraph(LabSpecLoader.spec(path: file)).select($0)) }
        var printer: any EventPrinter = view.json ? JSONPrinter() : PlainPrinter(folder: folder, view: view)
        for event in JournalReader.events(of: folder) {
            if let wanted { guard let task = event.task, wanted.contains(task) else { continue } }
            printer.show(event)
        }
        printer.finish()
    }

    /// The run asked for; else the one at work, else the latest that touched what was asked for.
    private func chosen(_ workspace: Workspace) throws -> RunFolder {
        if let run {
            guard workspace.runs.contains(where: { $0.number == run }) else {
                throw Self.none(Text(en: "There is no run \(run).", zh: "没有运行 \(run)。"))
            }
            return workspace.run(run)
        }
        if let holder = WorkspaceLock.holder(of: workspace), selection == nil || follow { return workspace.run(holder.run) }
        let runs = workspace.runs.reversed()
        let prefix = selection.map { $0.contains(".") ? $0 : "\($0)." }
        let touching = runs.first { folder in
            guard let prefix else { return true }
            return JournalReader.events(of: folder).contains { event in
                guard case .taskStarted = event.payload else { return false }
                return event.task.map { $0.description == prefix || prefix.hasSuffix(".") && $0.description.hasPrefix(prefix) } ?? false
            }
        }
        guard let touching else {
            throw Self.none(
                selection.map { Text(en: "Nothing of \($0) has been run here yet.", zh: "这里还没有运行过 \($0)。") }
                    ?? Text(en: "Nothing has been run here yet.", zh: "这里还没有运行过任何步骤。"))
        }
        return touching
    }

    private static func none(_ text: Text) -> LabError {
        LabError("usage.run", text, hint: Text(en: "`ailab list` shows the steps.", zh: "`ailab list` 会列出所有步骤。"))
    }
}
