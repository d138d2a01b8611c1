import Glibc
import LabTUI
import Telemetry

/// `ailab top` on the whole terminal.
enum TopScreen {
    /// Columns of the lines on standard output.
    static var columns: Int { TerminalSize(of: STDOUT_FILENO)?.columns ?? 120 }

    static func show(_ samples: AsyncStream<TelemetrySample>, span: Double? = nil) async throws {
        let mailbox = Mailbox<AppEvent>()
        let screen = CursesTerminal(
            escapeDelay: WalkthroughCommand.escapeDelay, usesColor: Console.usesColor, questions: WalkthroughCommand.questions
        ) { mailbox.send($0) }
        var model = TopModel(size: Size(columns: 80, rows: 24), settings: WalkthroughCommand.looks)
        if let span, span > 0 { model.span = span }
        try await TopLoop(screen: screen, mailbox: mailbox).run(model, samples: samples)
    }
}
