import ArgumentParser
import LabEngine
import LabSupport

/// `ailab stop`: stops the active run, wherever it was started.
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: said("Stop the active run, as Ctrl-C does in the terminal that started it.", "结束正在进行的运行，与在启动它的终端按 Ctrl-C 相同。"),
        discussion: said(
            """
            ailab cleans up what the run was doing. Finished sub-steps stay done.
            Example: ailab stop
            """,
            """
            ailab 会清理正在进行的工作；已完成的小节保持不变。
            示例：ailab stop
            """))

    @Flag(
        help: help(
            "Kill it without cleaning up: containers keep running, and the next run takes them over.",
            "立即结束、不做清理：容器中的程序继续运行，由下一次运行接管。"))
    var now = false

    @OptionGroup var lab: LabOptions

    func run() async throws {
        let workspace = try lab.workspace()
        guard let run = try await Stop(workspace).end(atOnce: now) else {
            Console.error(Text(en: "No run is active here.", zh: "这里没有正在进行的运行。")[Console.language])
            return
        }
        Console.error(Text(en: "Run \(run) was stopped.", zh: "运行 \(run) 已结束。")[Console.language])
    }
}
