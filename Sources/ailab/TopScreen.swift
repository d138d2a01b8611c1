import Glibc
import LabTUI
import Telemetry

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
        let screen = CursesTerminal(
            escapeDelay: WalkthroughCommand.escapeDelay, usesColor: Console.usesColor, questions: WalkthroughCommand.questions
        ) { mailbox.send($0) }
        var model = TopModel(size: Size(columns: 80, rows: 24), settings: WalkthroughCommand.looks)
        if let span, span > 0 { model.span = span }
        try await TopLoop(screen: screen, mailbox: mailbox).run(model, samples: samples)
    }
}
