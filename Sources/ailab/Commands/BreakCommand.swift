import ArgumentParser
import Dispatch
import Glibc
import LabEngine
import LabRunner
import LabSupport

/// `ailab break [N]`: a fault to find, in a container of its own.
struct BreakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "break",
        abstract: said("Break something on purpose, and find the cause before the diagnosis says it.", "故意制造一个故障，在诊断给出答案之前找出原因。"),
        discussion: said(
            """
            The fault happens in a container and a folder of its own. Your files, images and containers stay untouched, and everything is \
            undone at the end, also after Ctrl-C. If the program was killed, the next walkthrough undoes it, or `ailab break --undo`.
            Exit codes: 0 you found the cause, 1 you gave up or an image is missing, 2 wrong usage, 3 no engine answers.
            Example: ailab break 3
            """,
            """
            故障发生在单独的容器和目录中，不会影响你的文件、镜像和容器；结束时（包括按 Ctrl-C）全部撤销。如果程序被强制终止，下次打开实验界面或 \
            `ailab break --undo` 时撤销。
            退出码：0 找到原因，1 放弃或缺少镜像，2 用法错误，3 没有引擎响应。
            示例：ailab break 3
            """))

    @Argument(help: help("The number of the fault. Otherwise one is drawn.", "故障编号；省略则随机选择。"))
    var number: Int?

    @Flag(help: help("List the faults. It doesn't name their causes.", "列出所有故障，不透露原因。"))
    var list = false

    @Flag(help: help("Undo what a killed program left.", "撤销被强制终止的程序留下的故障。"))
    var undo = false

    @OptionGroup var lab: LabOptions

    func validate() throws {
        guard list || undo, number != nil || list && undo else { return }
        throw ValidationError(said("Give a number, --list or --undo, and only one of them.", "编号、--list、--undo 只能使用一个。"))
    }

    func run() async throws {
        let words = BreakWords(language: Console.language)
        if list { return BreakFault.all.forEach { Console.output(words.row($0)) } }
        if undo {
            let isDone = try await BreakUndo.perform(lab.workspace(), environment: Console.environment)
            return Console.output(isDone ? words.undone : words.nothingToUndo)
        }
        guard let fault = number == nil ? BreakFault.all.randomElement() : BreakFault.all.first(where: { $0.number == number }) else {
            throw ValidationError(words.unknown(BreakFault.all.count))
        }
        let opened = try lab.opened()
        let isFound = try await Interrupts.cancelling { try await Self.play(fault, opened, words) }
        if !isFound { throw ExitCodes.failed }
    }

    /// Whatever happens, the fault is undone at the end.
    private static func play(_ fault: BreakFault, _ lab: OpenedLab, _ words: BreakWords) async throws -> Bool {
        Console.error(words.preparing(fault))
        let session = try await BreakSession(fault, in: lab)
        let result: Result<Bool, any Error>
        do {
            result = .success(try await ask(session, words))
        } catch {
            result = .failure(error)
        }
        // Not cancelled with this task: undoing is what a cancelled game needs most.
        try await Task { try await session.undo() }.value
        Console.error(words.undone)
        return try result.get()
    }

    private static func ask(_ session: BreakSession, _ words: BreakWords) async throws -> Bool {
        let symptom = try await session.begin()
        try Task.checkCancellation()
        words.scene(session, symptom).forEach { Console.output($0) }
        let choices = session.choices
        var hints = session.fault.hints[...]
        var lines = typed.makeAsyncIterator()
        while true {
            Console.write(words.prompt(choices.count, hints: hints.count), to: STDERR_FILENO)
            let answer = await lines.next()?.filter { !$0.isWhitespace }.lowercased()
            try Task.checkCancellation()
            switch answer {
            case nil, "q":
                Console.output(words.givenUp(choices.first { $0.cause == session.fault.cause }?.title ?? Text(verbatim: "")))
                tell(session, symptom, words)
                return false
            case "h":
                Console.output(hints.popFirst().map { session.spoken($0)[words.language] } ?? words.noHint)
            case let text?:
                guard let place = Int(text), place > 0, place <= choices.count else {
                    Console.error(words.notAnAnswer)
                    continue
                }
                if choices[place - 1].cause == session.fault.cause {
                    Console.output(words.right)
                    tell(session, symptom, words)
                    return true
                }
                Console.output(words.wrong)
            }
        }
    }

    /// What to remember, and what the diagnosis says of the same output.
    private static func tell(_ session: BreakSession, _ symptom: BreakSession.Symptom, _ words: BreakWords) {
        Prose.wrapped(session.spoken(session.fault.lesson)[words.language]).forEach { Console.output($0) }
        Console.output("\n" + words.diagnosis)
        FindingPrinter(language: words.language).show(session.findings(symptom))
    }

    /// The lines of standard input. A wait for the next one ends when the task is cancelled.
    private static var typed: AsyncStream<String> {
        AsyncStream { continuation in
            DispatchQueue.global().async {
                while let line = Console.line() { continuation.yield(line) }
                continuation.finish()
            }
        }
    }
}

extension BreakCommand {
    /// Undoes what a killed `ailab break` left. Costs nothing if there is no record of one.
    static func undoLeftover(_ workspace: Workspace) async {
        guard BreakUndo.isNeeded(workspace) else { return }
        // Without an engine the record stays, and the next start tries again.
        guard let isDone = try? await BreakUndo.perform(workspace, environment: Console.environment), isDone else { return }
        Console.error(BreakWords(language: Console.language).undoneLater)
    }
}
