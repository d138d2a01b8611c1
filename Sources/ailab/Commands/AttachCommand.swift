import ArgumentParser
import LabEngine
import LabRunner
import LabSupport

/// `ailab attach`: enters the shell in which the active run waits.
struct AttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: said(
            "Enter the shell in which the active run waits. Ctrl-P Ctrl-Q leaves it again.", "进入当前运行正在等待的 shell；按 Ctrl-P Ctrl-Q 离开。"),
        discussion: said("Example: ailab attach", "示例：ailab attach"))

    @OptionGroup var lab: LabOptions
    @OptionGroup var view: ViewFlags

    func run() async throws {
        guard Console.inputIsTerminal, Console.outputIsTerminal, !view.json else { throw Self.noTerminal }
        let workspace = try lab.workspace()
        guard let run = RecordedRun.active(in: workspace) else { throw Self.nothing }
        guard let waiting = run.waitingShell else { throw Self.busyOtherwise(run.folder.number) }
        try await RunWatcher(view: view).follow(workspace, run.folder, attaches: true, from: waiting.sequence)
    }

    private static let noTerminal = LabError(
        .usageTerminal, Text(en: "Attaching needs a terminal.", zh: "`ailab attach` 需要在终端中使用。"))

    private static let nothing = LabError(
        .usageRun, Text(en: "No run is active here, so there is no shell to attach to.", zh: "这里没有正在进行的运行，也就没有等待中的 shell。"),
        hint: Text(
            en: "`ailab list` shows the steps. A step with a shell opens it by itself.", zh: "`ailab list` 会列出所有步骤；带 shell 的步骤会自己打开它。"))

    private static func busyOtherwise(_ run: Int) -> LabError {
        LabError(
            .usageRun, Text(en: "Run \(run) is active, but it has no shell that waits.", zh: "运行 \(run) 正在进行，但没有等待中的 shell。"),
            hint: Text(en: "`ailab logs -f` follows it.", zh: "`ailab logs -f` 可查看进度。"))
    }
}
