import Glibc
import LabEngine

/// How a load test is shown while it goes on: a block that is redrawn on a terminal, lines now and then elsewhere, objects for programs.
struct LoadScreen: Sendable {
    private let form: LoadPainter.Form

    init(view: ViewFlags) {
        form = view.json ? .objects : Console.errorIsTerminal && !view.plain && Console.environment["TERM"] != "dumb" ? .block : .lines
    }

    /// A sentence to a person.
    func say(_ text: String) {
        if form != .objects { Console.error(text) }
    }

    func painter(_ plan: LoadPlan) -> LoadPainter { LoadPainter(plan, shows: form) }
}

/// Draws one test.
struct LoadPainter {
    enum Form: Sendable {
        case block
        case lines
        case objects
    }

    /// Seconds between two lines where nothing can be redrawn, and between two objects.
    private static let linePause = 2.0
    private static let objectPause = 1.0
    private static let barWidth = 24

    private let form: Form
    private let words = Words(language: Console.language)
    private let pacing: String
    private var drawnLines = 0
    private var lastSaid = 0.0

    init(_ plan: LoadPlan, shows form: Form) {
        self.form = form
        pacing = Words(language: Console.language).pacing(plan.pacing)
        lastSaid = wallClock()
    }

    mutating func show(_ look: LoadProgress) {
        switch form {
        case .block: draw(block(look))
        case .lines:
            guard isDue(Self.linePause) else { return }
            Console.error("  " + [bar(look, width: nil), rates(look), counts(look)].joined(separator: "  "))
        case .objects:
            guard isDue(Self.objectPause) else { return }
            Console.output(LoadJSON.progress(look))
        }
    }

    /// Leaves no trace on the terminal: the summary follows.
    mutating func finish() {
        guard form == .block, drawnLines > 0 else { return }
        Console.write("\u{1B}[\(drawnLines)A\r\u{1B}[J", to: STDERR_FILENO)
        drawnLines = 0
    }

    private mutating func isDue(_ pause: Double) -> Bool {
        let now = wallClock()
        guard now - lastSaid >= pause else { return false }
        lastSaid = now
        return true
    }

    private mutating func draw(_ lines: [String]) {
        let columns = max(20, Console.columns - 1)
        let up = drawnLines > 0 ? "\u{1B}[\(drawnLines)A\r" : ""
        Console.write(up + lines.map { StatusLine.fit($0, columns) + "\u{1B}[K\n" }.joined(), to: STDERR_FILENO)
        drawnLines = lines.count
    }

    private func block(_ look: LoadProgress) -> [String] {
        ["  " + bar(look, width: Self.barWidth), "  " + rates(look), "  " + counts(look)]
    }

    private func bar(_ look: LoadProgress, width: Int?) -> String {
        let phase =
            switch look.phase {
            case .warmUp: words.pick("warm-up", "预热")
            case .measuring: words.pick("measuring", "测量")
            case .draining: words.pick("waiting for the last answers", "等待最后的应答")
            }
        let time = "\(Figure.fixed(look.elapsed, 1)) / \(words.seconds(look.length))"
        guard let width else { return "\(pacing) · \(phase) \(time)" }
        let filled = look.length > 0 ? min(width, Int(shown: look.elapsed / look.length * Double(width))) : width
        return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled) + "  \(pacing) · \(phase) \(time)"
    }

    private func rates(_ look: LoadProgress) -> String {
        let rate = Figure.right(Figure.rate(look.rate), 8)
        let median = Figure.right(Figure.milliseconds(look.median), 8)
        let p99 = Figure.right(Figure.milliseconds(look.p99), 8)
        return words.pick("\(rate) answers/s   50 % \(median) ms   99 % \(p99) ms", "\(rate) 应答/秒   50 % \(median) 毫秒   99 % \(p99) 毫秒")
    }

    private func counts(_ look: LoadProgress) -> String {
        let behind =
            look.behind > 0 ? words.pick("   \(Figure.count(look.behind)) waiting to be sent", "   \(Figure.count(look.behind)) 个待发送") : ""
        return words.pick(
            "\(Figure.count(look.answered)) answered   \(look.failed) failed   \(look.wrong) wrong   \(look.inFlight) under way\(behind)",
            "已应答 \(Figure.count(look.answered))   失败 \(look.failed)   错误 \(look.wrong)   进行中 \(look.inFlight)\(behind)")
    }
}
