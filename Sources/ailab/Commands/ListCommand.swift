import ArgumentParser
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// `ailab list`: the steps, and how far they are according to the journals.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: said(
            "The steps of the lab and how far they are. `verify` looks at the machine; this reads the journals.",
            "列出实验步骤和进度。`verify` 检查本机，这里只读取记录。"),
        discussion: said("Example: ailab list", "示例：ailab list"))

    @OptionGroup var lab: LabOptions
    @OptionGroup var view: ViewFlags

    func run() async throws {
        let lab = try lab.opened()
        let (spec, progress) = (lab.spec, lab.progress)
        if view.json {
            for task in spec.tasks { Console.output(TaskListing(task, progress).json) }
        } else {
            show(spec, progress)
        }
    }

    private func show(_ spec: LabSpec, _ progress: LabProgress) {
        let language = Console.language
        Console.output(Style.bold(spec.title[language]))
        for step in spec.steps {
            Console.output(Style.bold("\(step.number)  \(step.title[language])"))
            for task in step.tasks { Console.output("  " + TaskListing(task, progress).line(language)) }
        }
        Console.output(Words(language: language).tally(progress.tally(spec.tasks)))
        if let run = progress.run, run.isAlive {
            Console.error(
                Text(
                    en: "Run \(run.number) is active. `ailab logs -f` follows it.", zh: "运行 \(run.number) 正在进行：`ailab logs -f` 可查看。")[
                        language])
        }
    }
}

/// One sub-step in the list.
struct TaskListing {
    private let task: LabTask
    private let state: TaskState
    private let success: TaskRecord.Success?
    /// The run that had to do with it last.
    private let run: Int?

    init(_ task: LabTask, _ progress: LabProgress) {
        self.task = task
        state = progress.state(of: task.id)
        success = progress.success(of: task.id)
        let record = progress.records[task.id]
        run = record?.phase == .begun ? record?.run : record?.endedIn
    }

    func line(_ language: Language) -> String {
        let words = Words(language: language)
        let time = success.map { words.clock($0.seconds) } ?? "~\(words.clock(Double(task.expectedSeconds)))"
        return "\(state.symbol) \(task.id)  \(task.title[language])  [\(state.text[language]), \(time)]"
    }

    var json: String {
        JSONText.line(
            Answer(
                task: task.id, title: task.title[Console.language], state: state.code, expectedSeconds: task.expectedSeconds,
                seconds: success?.seconds, run: run))
    }

    private struct Answer: Encodable {
        var task: TaskID
        var title: String
        var state: String
        var expectedSeconds: Int
        @OrNull var seconds: Double?
        @OrNull var run: Int?
    }
}
