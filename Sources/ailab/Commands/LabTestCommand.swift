import ArgumentParser
import Glibc
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// `ailab lab test FILE`
struct LabTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: said(
            "Run a whole lab in a workspace of its own, and name what its author has to fix.", "在独立的工作区中运行整个实验，指出作者需要改正之处。"),
        discussion: said(
            """
            Before the run, no sub-step may count as done. The run uses the reference solutions, and afterwards everything must be done. A second \
            run must find nothing left to do, and after cleaning, nothing may be left on the engine.
            Exit codes: 0 all of this holds, 1 something doesn't, 3 the engine doesn't answer.
            Example: ailab lab test labs/lab5.yaml --quick
            """,
            """
            运行之前，任何小节都不应算作完成。运行时使用参考答案，结束后所有小节都应完成。再次运行应当无事可做，清理之后引擎上不应留下任何东西。
            退出码：0 全部符合，1 有不符合的，3 引擎没有响应。
            示例：ailab lab test labs/lab5.yaml --quick
            """))

    @Argument(help: help("The lab file.", "实验文件。"), completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @OptionGroup var settings: SettingFlags

    func run() async throws {
        // A lab with mistakes needs no folder.
        _ = try LabSpecLoader.specToRun(path: file)
        let folder = try Self.folder()
        let trial = LabTrial(
            try OpenedLab(try Workspace(root: folder), file: file, environment: Console.environment),
            options: settings.applied(to: RunOptions()))
        Self.tell(Text(en: "The lab runs in \(folder).", zh: "实验在 \(folder) 中运行。"))
        var found: [LabTrial.Found] = []
        do {
            found += try await trial.before()
            Self.tell(Text(en: "The first run: everything has to be done.", zh: "第一次运行：应当完成所有小节。"))
            _ = try await follow(try trial.launch(), trial)
            let undone = try await trial.afterRun()
            found += undone
            Self.tell(Text(en: "The second run: nothing may be left to do.", zh: "第二次运行：应当无事可做。"))
            found += trial.afterSecondRun(try await follow(try trial.launch(), trial), first: undone)
        } catch {
            // Whatever went wrong, the engine is left as it was.
            _ = try? await trial.clean()
            Self.remove(folder, ifUnused: trial)
            throw error
        }
        found += try await trial.clean()
        for line in found.map({ Self.line($0, trial.lab.spec) }) { Console.output(line) }
        guard found.isEmpty else {
            Self.tell(Text(en: "What the runs recorded stays in \(folder).", zh: "运行记录保留在 \(folder)。"))
            throw ExitCodes.failed
        }
        Self.remove(folder)
        let tasks = trial.lab.spec.tasks.count
        Self.tell(
            Text(
                en:
                    "\(file): all \(tasks) sub-steps are open before the run, done after it, and left alone by a second one. Nothing is left on the engine.",
                zh: "\(file)：全部 \(tasks) 个小节在运行前未完成、运行后完成，再次运行不会重做；引擎上没有残留。"))
    }

    /// On a disk: an engine may not see a private folder for temporary files.
    private static func folder() throws -> String {
        var name = Array("/var/tmp/ailab-lab-test-XXXXXX".utf8CString)
        guard let path = mkdtemp(&name) else { throw Files.error(errno, "/var/tmp") }
        return String(cString: path)
    }

    /// Removes the folder; with `ifUnused`, only if no run has left a record there.
    private static func remove(_ folder: String, ifUnused trial: LabTrial? = nil) {
        guard trial?.lab.workspace.runs.isEmpty ?? true else { return }
        try? PathBelow(Files.name(of: folder), in: Files.folder(of: folder)).remove()
    }

    private func follow(_ run: LaunchedRun, _ trial: LabTrial) async throws -> LaunchedRun {
        let interrupts = Interrupts(run, holding: .waits)
        defer { interrupts.stop() }
        var printer = PlainPrinter(folder: run.folder, plain: true)
        defer { printer.finish() }
        for try await case .events(let events) in FollowedRun(run) {
            for event in events { printer.show(event) }
        }
        try await trial.ended(run)
        guard !interrupts.happened else { throw ExitCodes.interrupted }
        return run
    }

    private static func tell(_ text: Text) { Console.error(text[Console.language]) }

    private static func line(_ found: LabTrial.Found, _ spec: LabSpec) -> String {
        let language = Console.language
        let task = found.task.flatMap { spec.task($0) }
        let place = task.map { "✘ \($0.id) \($0.title[language]): " } ?? "✘ "
        return SafeLines.clean(text: place + text(found.fault)[language])
    }

    private static func text(_ fault: LabTrial.Fault) -> Text {
        switch fault {
        case .doneBefore:
            Text(
                en: "its checks pass although nothing was done yet. Check something that only the solution makes.",
                zh: "什么都还没做，检查就已通过。请检查只有完成后才会出现的结果。")
        case .notDone(let state):
            Text(en: "the run with the reference solution ended with: \(state.text.en).", zh: "用参考答案运行后的状态是：\(state.text.zh)。")
        case .undone(let state):
            Text(
                en:
                    "it was done, and at the end it is: \(state.text.en). If a later sub-step takes its result away, write `until: \"N.M\"` on the check.",
                zh: "它曾经完成，最后的状态却是：\(state.text.zh)。如果后面的小节会移除它的结果，请在检查上写 `until: \"N.M\"`。")
        case .repeated:
            Text(
                en: "a second run does it again. Give it checks that recognise its result.", zh: "再次运行时它被重做。请为它写出能识别结果的检查。")
        case .left(let names):
            Text(
                en: "after cleaning, the engine still has: \(names.joined(separator: ", ")).",
                zh: "清理之后引擎上仍有：\(names.joined(separator: "、"))。")
        }
    }
}
