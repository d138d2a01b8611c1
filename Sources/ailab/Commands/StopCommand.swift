import ArgumentParser
import LabEngine
import LabRunner
import LabSupport

/// `ailab stop`: ends the run at work, wherever it was started.
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: said("End the run at work, as Ctrl-C does where it was started.", "结束正在进行的运行，与在启动它的终端按 Ctrl-C 相同。"),
        discussion: said(
            """
            What it was doing is cleaned up; what was done stays done.
            Example: ailab stop
            """,
            """
            正在做的会被清理，已完成的保持不变。
            示例：ailab stop
            """))

    @Flag(
        help: help(
            "At once, without cleaning up: what runs in containers runs on, and the next run takes it over.",
            "立即结束、不做清理：容器中的程序继续运行，由下一次运行接管。"))
    var now = false

    @OptionGroup var lab: LabOptions

    func run() async throws {
        let workspace = try lab.workspace()
        guard let holder = WorkspaceLock.holder(of: workspace) else {
            Console.error(Text(en: "No run is at work here.", zh: "这里没有正在进行的运行。")[Console.language])
            return
        }
        RunLauncher.end(holder, atOnce: now)
        while WorkspaceLock.holder(of: workspace) == holder { try await Task.sleep(for: .milliseconds(50)) }
        Console.error(Text(en: "Run \(holder.run) was ended.", zh: "运行 \(holder.run) 已结束。")[Console.language])
    }
}
