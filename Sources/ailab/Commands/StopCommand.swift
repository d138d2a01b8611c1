import ArgumentParser
import LabEngine

/// `ailab stop`: ends the run at work, wherever it was started.
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "End the run at work, as Ctrl-C does where it was started.",
        discussion: "What it was doing is cleaned up; what was done stays done.\nExample: ailab stop")

    @Flag(help: "At once, without cleaning up: what runs in containers runs on, and the next run takes it over.")
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
