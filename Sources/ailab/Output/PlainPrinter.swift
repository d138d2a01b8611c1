import Diagnosis
import LabFile
import LabRunner
import LabSupport

/// Events as lines for a person: what was done on standard output, how far it is on standard error.
struct PlainPrinter: EventPrinter {
    private let folder: RunFolder
    /// The run's raw output, opened for its first piece.
    private var output: OpenedFile?
    private let language = Console.language
    private let words = Words(language: Console.language)
    private var lines: [TaskID: [Output.Stream: SafeLines]] = [:]
    private var status: StatusLine
    private var failures: [TaskID] = []
    /// Findings come before the end of what failed and are shown below it.
    private var findings: [TaskID?: [Finding]] = [:]
    /// Findings that were told in full.
    private var told: [Finding] = []

    /// `plain`: no status line, also on a terminal.
    init(folder: RunFolder, plain: Bool) {
        self.folder = folder
        status = StatusLine(isLive: Console.hasLiveLine && !plain, words: Words(language: Console.language))
    }

    mutating func show(_ event: Event) {
        status.clear()
        switch event.payload {
        case .runStarted(let start): header(start)
        case .engineConnected(let engine): say(words.engine(engine))
        case .deviceChosen(let device): say(words.device(device))
        case .notice(let notice): advise(event.task, notice.text[language], isWarning: notice.level == .warning)
        case .fact(let fact): for line in fact.text[language].split(separator: "\n") { say(event.task, String(line)) }
        case .taskStarted(let start): began(event, start)
        case .progress(let progress): status.update(event, progress)
        case .output(let output): show(output, event.task)
        case .sourceChosen(let source): say(event.task, words.source(source))
        case .sourceFailed(let failed): advise(event.task, words.sourceFailed(failed), isWarning: true)
        case .check(let check): show(check, event.task)
        case .captured(let captured): say(event.task, "\(captured.name) = \(SafeLines.clean(text: captured.value))")
        case .prediction(let prediction): say(event.task, words.prediction(prediction))
        case .reattached(let container): advise(event.task, words.reattached(container), isWarning: false)
        case .taskFinished(let end): ended(event, end)
        case .runFinished(let end): footer(end)
        case .shellReady(let shell): advise(event.task, words.shellReady(shell.container), isWarning: false)
        case .shellEnded(let end): say(event.task, words.shellEnded(end.exitCode))
        case .taskReset(let reset): if let task = event.task { say(words.reset(task, reset.removed)) }
        case .finding(let finding): findings[event.task, default: []].append(finding)
        case .taskSkipped: if let task = event.task { say(words.skipped(task)) }
        case .taskUnskipped: if let task = event.task { say(words.unskipped(task)) }
        case .looked(let look): if let task = event.task { say(words.looked(task, look.verdict)) }
        case .metric, .created, .fileEdited, .questionAnswered, .hintOpened, .unknown: break
        case .settingsChanged(let settings): say(words.settingsChanged(settings))
        }
        status.draw()
    }

    mutating func finish() { status.clear() }
    mutating func pause() { status.clear() }

    private func header(_ start: RunStarted) {
        say(Style.bold(words.runStarted(start, at: folder.path)))
    }

    private mutating func began(_ event: Event, _ start: TaskStarted) {
        guard let task = event.task else { return }
        status.begin(task, at: event.time, expected: start.expectedSeconds)
        say(Style.bold("▶ \(task) \(start.title[language])") + words.aside(words.expected(start.expectedSeconds), "  "))
        for command in start.commands { say(task, Style.dim("$ \(command)")) }
    }

    private mutating func show(_ output: Output, _ task: TaskID?) {
        guard let task else { return }
        self.output = self.output ?? OpenedFile(folder.output)
        show(lines[task, default: [:]][output.stream, default: SafeLines()].take(output.bytes(in: self.output)), task)
    }

    /// All lines in one write: a flood has hundreds of them in one event.
    private func show(_ lines: [String], _ task: TaskID) {
        let mark = "  \(Style.dim("\(task) │")) "
        var text = ""
        for line in lines where !line.hasPrefix("@ailab ") { text += (text.isEmpty ? "" : "\n") + mark + line }
        if !text.isEmpty { Console.output(text) }
    }

    private func show(_ check: CheckResult, _ task: TaskID?) {
        say(task, words.check(check))
        if check.standing == .failed, let advice = check.advice { advise(task, advice[language], isWarning: false) }
    }

    private mutating func ended(_ event: Event, _ end: TaskFinished) {
        guard let task = event.task else { return }
        for var rest in (lines[task] ?? [:]).values { if let line = rest.finish() { show([line], task) } }
        lines[task] = nil
        status.end(task)
        say(words.taskEnded(task, end))
        guard let error = end.error else { return }
        if end.outcome != .unavailable { failures.append(task) }
        say(task, error.message[language])
        // The output above already holds what the cause repeats for those who only see the error. A build's is the failed command once more.
        if let cause = error.cause, error.code != .buildFailed || error.exitCode == nil {
            for line in cause.split(separator: "\n").suffix(6) { say(task, Style.dim("  " + SafeLines.clean(text: String(line)))) }
        }
        let isExplained = findings[task]?.isEmpty == false
        if let hint = error.hint(isExplained: isExplained) { advise(task, hint[language], isWarning: false) }
        showFindings(of: task, below: error.cause)
    }

    /// The first is the cause; what else was found is named only.
    private mutating func showFindings(of task: TaskID?, below cause: String? = nil) {
        guard let all = findings.removeValue(forKey: task), let first = all.first else { return }
        if told.contains(where: { $0.cause == first.cause && $0.remedies == first.remedies }) {
            say(task, "⇒ \(first.title[language])  [\(first.cause)] \(words.asAbove)")
        } else {
            told.append(first)
            for line in FindingPrinter(language: language).brief(first, below: cause) { say(task, line) }
        }
        for other in all.dropFirst() {
            // Mistakes of a file don't follow from one another: each has its line and what to write.
            if first.isOfFile, other.isOfFile {
                for line in FindingPrinter(language: language).brief(other) { say(task, line) }
            } else {
                say(task, "  · \(other.title[language]) [\(other.cause)]")
            }
        }
    }

    private mutating func footer(_ end: RunFinished) {
        if let error = end.error, failures.isEmpty { ErrorPrinter.print(error) }
        showFindings(of: nil)
        say(Style.bold(words.runEnded(end)))
    }

    private func say(_ text: String) { Console.output(text, marksLinks: true) }

    private func say(_ task: TaskID?, _ text: String) {
        Console.output(task.map { "  \(Style.dim("\($0) │")) \(text)" } ?? text, marksLinks: true)
    }

    private func advise(_ task: TaskID?, _ text: String, isWarning: Bool) {
        Console.error("\(task.map { "  \($0) " } ?? "")\(isWarning ? "!" : "→") \(text)")
    }
}

/// Bold and dim where the terminal shows them and nobody minds.
enum Style {
    static func bold(_ text: String) -> String { Console.usesColor ? "\(Mark.bold)\(text)\(Mark.plain)" : text }
    static func dim(_ text: String) -> String { Console.usesColor ? "\(Mark.dim)\(text)\(Mark.plain)" : text }

    /// A mark in a text for the console, which alone turns it into a sequence for the terminal. The marks are characters for private use that
    /// no font has.
    enum Mark: CustomStringConvertible {
        case plain
        case bold
        case dim

        init?(_ scalar: Unicode.Scalar) {
            switch scalar {
            case "\u{10FF00}": self = .plain
            case "\u{10FF01}": self = .bold
            case "\u{10FF02}": self = .dim
            default: return nil
            }
        }

        var description: String {
            switch self {
            case .plain: "\u{10FF00}"
            case .bold: "\u{10FF01}"
            case .dim: "\u{10FF02}"
            }
        }

        var sequence: String {
            switch self {
            case .plain: "\u{1B}[0m"
            case .bold: "\u{1B}[1m"
            case .dim: "\u{1B}[2m"
            }
        }
    }
}
