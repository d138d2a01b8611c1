import ArgumentParser
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
        let workspace = try lab.workspace()
        let spec = try LabSpecLoader.spec(path: try lab.labFile())
        let living = WorkspaceLock.holder(of: workspace)?.run
        let history = RunHistory(workspace, lab: spec.id, living: living)
        if view.json {
            for task in spec.tasks { Console.output(TaskListing(task, history).json) }
        } else {
            show(spec, history, living)
        }
    }

    private func show(_ spec: LabSpec, _ history: RunHistory, _ living: Int?) {
        let language = Console.language
        Console.output(Style.bold(spec.title[language]))
        for step in spec.steps {
            Console.output(Style.bold("\(step.number)  \(step.title[language])"))
            for task in step.tasks { Console.output("  " + TaskListing(task, history).line(language)) }
        }
        let done = spec.tasks.count { history.successes[$0.id] != nil }
        Console.output(
            Text(en: "\(done) of \(spec.tasks.count) sub-steps done.", zh: "共 \(spec.tasks.count) 个小步骤，已完成 \(done) 个。")[language])
        if let living {
            Console.error(
                Text(en: "Run \(living) is at work: `ailab logs -f` follows it.", zh: "运行 \(living) 正在进行：`ailab logs -f` 可查看。")[language])
        }
    }
}

/// One sub-step in the list.
struct TaskListing {
    private let task: LabTask
    private let success: RunHistory.Success?
    private let last: RunHistory.Last?

    init(_ task: LabTask, _ history: RunHistory) {
        self.task = task
        success = history.successes[task.id]
        last = history.last[task.id]
    }

    private var state: (symbol: String, code: String, text: Text) {
        if let outcome = last?.outcome, outcome == .failed { return ("✘", "failed", Text(en: "failed", zh: "失败")) }
        if last != nil, last?.outcome == nil { return ("!", "interrupted", Text(en: "interrupted", zh: "中断")) }
        if success != nil { return ("✔", "done", Text(en: "done", zh: "已完成")) }
        if let outcome = last?.outcome, outcome == .waiting { return ("…", "waiting", Text(en: "waits for you", zh: "等待你")) }
        return ("·", "open", Text(en: "open", zh: "未开始"))
    }

    func line(_ language: Language) -> String {
        let words = Words(language: language)
        let time = success.map { words.clock($0.seconds) } ?? "~\(words.clock(Double(task.expectedSeconds)))"
        return "\(state.symbol) \(task.id)  \(task.title[language])  [\(state.text[language]), \(time)]"
    }

    var json: String {
        JSONText.object([
            ("schema", .number(1)), ("task", .text(task.id.description)), ("title", .text(task.title[Console.language])),
            ("state", .text(state.code)), ("expectedSeconds", .number(Double(task.expectedSeconds))),
            ("seconds", success.map { .number($0.seconds) } ?? .null), ("run", (last?.run).map { .number(Double($0)) } ?? .null),
        ])
    }
}
