import LabFile
import LabRunner
import LabSupport
import LabTUI

/// What the walkthrough by lines says.
struct LinearSpeaker {
    let words = Words(language: Console.language)

    private func plain(_ markdown: String) -> [String] {
        Markdown.lines(markdown, columns: 78, look: Look(theme: .mono, glyphs: .ascii)).map(\.text)
    }

    /// The lab, how far it is, and where one is.
    func greeting(_ model: AppModel) -> [String] {
        let title = model.lab.spec.map { model.say($0.title) } ?? ""
        let demo = model.settings.demoSpeed.map { [model.say(Phrase.demo($0)) + words.colon + model.say(.demoOnly)] } ?? []
        let overall = model.say(Phrase.overall(model.lab.tally))
        return demo
            + [words.pick("\(title). \(overall).", "\(title)。\(overall)。").replacing("..", with: "."), words.linearHelp, ""]
            + task(model)
    }

    /// The chosen sub-step: what it is, what it is about, the commands that equal it, and what to type.
    func task(_ model: AppModel) -> [String] {
        guard let task = model.walkthrough.selected.flatMap({ model.lab.spec?.task($0) }) else { return [] }
        let state = model.say(model.lab.state(of: task.id).text)
        let expected = words.expected(task.expectedSeconds)
        let standing = words.pick(" (\(state), \(expected))", "（\(state)，\(expected)）")
        var lines = ["\(task.id) \(model.say(task.title))\(standing)"]
        lines += plain(model.say(task.text)).filter { $0 != model.say(task.title) }
        lines += model.lab.commands(of: task.id).map { "$ \(SafeLines.clean(text: $0))" }
        return lines + ["", words.linearChoices(task, model.lab.state(of: task.id))]
    }

    func engine(_ status: EngineStatus, was: EngineStatus) -> [String] {
        switch status {
        case .unknown: []
        case .reachable(let engine): [words.engine(engine)]
        case .unreachable(let error):
            [error.message[words.language]] + (error.hint.map { plain($0[words.language]) } ?? [])
                + plain(Text.engineRetry[words.language])
        }
    }

    /// What is asked by a box that the screen would open.
    func question(_ overlay: Overlay, _ model: AppModel) -> [String] {
        switch overlay {
        case .shell: [words.linearShell]
        case .confirm(let question): [model.say(question.title)] + question.lines.map { "  " + model.say($0) } + [words.linearConfirm]
        case .notes(let title, let texts): [model.say(title) + words.pick(":", "：")] + texts.map { model.say($0) }
        default: []
        }
    }

    func prompt(_ model: AppModel) -> String {
        let demo = model.settings.demoSpeed == nil ? "" : model.say(Phrase.demo(model.settings.demoSpeed ?? 1)) + " "
        return demo + (model.walkthrough.selected.map { "\($0)> " } ?? "> ")
    }
}

extension Words {
    /// Between a label and what it labels.
    var colon: String { pick(": ", "：") }

    var linearHelp: String {
        pick(
            "Type a command and Enter. `help` lists all, `q` leaves; what runs goes on without you.",
            "输入命令后按 Enter。`help` 列出所有命令，`q` 退出；正在运行的任务不会中断。")
    }

    /// What one would type here.
    func linearChoices(_ task: LabTask, _ state: TaskState) -> String {
        let first =
            switch state {
            case .done, .read: pick("Enter: go on to the next", "Enter：进入下一个小节")
            case .running: pick("Enter: what it prints", "Enter：查看输出")
            case .open, .waiting:
                task.studentFile == nil ? pick("Enter: run it", "Enter：运行") : pick("Enter: edit your file", "Enter：编辑你的文件")
            case .blocked, .noLonger, .failed, .cancelled, .interrupted, .skipped: pick("Enter: run it", "Enter：运行")
            }
        let hint = task.hints.isEmpty ? "" : pick(", h: a hint", "，h：提示")
        return first + hint + pick(", n: next, p: previous, l: list, help: all commands.", "，n：下一个，p：上一个，l：列表，help：所有命令。")
    }

    var linearShell: String { pick("Enter goes in; `later` leaves it waiting.", "按 Enter 进入；输入 later 稍后再说。") }

    var linearConfirm: String { pick("y does it, anything else does not.", "输入 y 执行，其他任何输入都会取消。") }

    var linearScreenOnly: String { pick("That is for the screen; here everything is lines.", "该命令用于界面模式；这里全部按行输出。") }

    var linearExamining: String { pick("Looking at this machine…", "正在检查本机……") }

    var linearMeasuring: String { pick("Measuring for a moment…", "正在测量，请稍候……") }

    func linearUnknown(_ word: String, _ nearest: String?) -> String {
        pick(
            "There is no command `\(word)`" + (nearest.map { "; did you mean `\($0)`?" } ?? "; `help` lists them."),
            "没有命令 `\(word)`" + (nearest.map { "；是不是想输入 `\($0)`？" } ?? "；`help` 会列出所有命令。"))
    }
}
