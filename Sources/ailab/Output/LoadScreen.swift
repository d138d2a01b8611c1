import Glibc
import LabSupport
import LabTUI
import LoadTest

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
    /// Where a bar would leave no room for the words.
    private static let narrow = 70

    private let form: Form
    private let words = Words(language: Console.language)
    private let pacing: String
    /// Columns of the lines that stand on the terminal.
    private var drawn: [Int] = []
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
        guard form == .block, !drawn.isEmpty else { return }
        Console.control(backToTop + "\u{1B}[J")
        drawn = []
    }

    private mutating func isDue(_ pause: Double) -> Bool {
        let now = wallClock()
        guard now - lastSaid >= pause else { return false }
        lastSaid = now
        return true
    }

    private mutating func draw(_ lines: [String]) {
        let columns = max(20, Console.columns - 1)
        let shown = lines.map { StatusLine.fit(Console.safe($0), columns) }
        Console.control(backToTop + shown.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J")
        drawn = shown.map { CellWidth.of($0) }
    }

    /// To the first line of what stands there. A terminal that was made narrower has broken lines in two.
    private var backToTop: String {
        let columns = max(1, Console.columns)
        let rows = drawn.map { max(1, ($0 + columns - 1) / columns) }.reduce(0, +)
        return rows > 0 ? "\u{1B}[\(rows)A\r" : ""
    }

    private func block(_ look: LoadProgress) -> [String] {
        let width = Console.columns < Self.narrow ? nil : Self.barWidth
        return ["  " + bar(look, width: width), "  " + rates(look), "  " + counts(look)]
    }

    private func bar(_ look: LoadProgress, width: Int?) -> String {
        let phase =
            switch look.phase {
            case .warmUp: words.pick("warm-up", "预热")
            case .measuring: words.pick("measuring", "测量")
            case .draining: words.pick("waiting for the last responses", "等待最后的响应")
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
        return words.pick("\(rate) responses/s   50% \(median) ms   99% \(p99) ms", "\(rate) 响应/秒   50% \(median) 毫秒   99% \(p99) 毫秒")
    }

    private func counts(_ look: LoadProgress) -> String {
        let behind =
            look.behind > 0 ? words.pick("   \(Figure.count(look.behind)) waiting to be sent", "   \(Figure.count(look.behind)) 个待发送") : ""
        return words.pick(
            "\(Figure.count(look.answered)) responses   \(look.failed) failed   \(look.wrong) wrong   \(look.inFlight) in flight\(behind)",
            "已响应 \(Figure.count(look.answered))   失败 \(look.failed)   错误 \(look.wrong)   进行中 \(look.inFlight)\(behind)")
    }
}
