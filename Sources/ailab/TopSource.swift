import Glibc
import LabFile
import LabRunner
import LabSupport
import LabTUI
import Telemetry

/// The sampler of a command: for the lab where there is one, for the machine in any case.
struct TopSource {
    let home: String
    let labFile: String?
    let interval: Double

    var sampler: TelemetrySampler {
        let environment = Console.environment
        // Looking at a machine must not make a workspace.
        let workspace = Files.isDirectory("\(home)/runs") ? try? Workspace(root: home) : nil
        let raw = labFile.flatMap { try? LabSpecLoader.spec(path: $0) }
        var spec: LabSpec?
        if let workspace, let raw { spec = LabTelemetry.filled(raw, workspace: workspace, environment: environment) }
        let news = workspace.map { WorkspaceNews($0) }
        return LabTelemetry(
            sender: "top", environment: environment, folder: home, interval: .milliseconds(Int(interval * 1000)), spec: spec
        ) {
            news?.read() ?? TelemetryNews()
        }.sampler
    }
}

/// `ailab top` on the whole terminal.
enum TopScreen {
    /// Columns of the lines on standard output.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 120 }
        return Int(size.ws_col)
    }

    static func show(_ samples: AsyncStream<TelemetrySample>, span: Double? = nil) async throws {
        let mailbox = Mailbox<AppEvent>()
        let screen = CursesTerminal(escapeDelay: WalkthroughCommand.escapeDelay, usesColor: Console.usesColor) { mailbox.send($0) }
        var model = TopModel(size: Size(columns: 80, rows: 24), settings: WalkthroughCommand.looks)
        if let span, span > 0 { model.span = span }
        try await TopLoop(screen: screen, mailbox: mailbox).run(model, samples: samples)
    }
}
