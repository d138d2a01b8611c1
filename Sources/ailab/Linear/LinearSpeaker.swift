import DockerfileCheck
import LabEngine
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
        let state = model.say(StateLabel(task, model).text)
        let expected = words.expected(task.expectedSeconds)
        let standing = words.pick(" (\(state), \(expected))", "（\(state)，\(expected)）")
        var lines = ["\(task.id) \(model.say(task.title))\(standing)"]
        lines += expectation(model)
        lines += plain(model.say(task.text)).filter { $0 != model.say(task.title) }
        lines += model.lab.commands(of: task.id).map { "$ \(SafeLines.clean(text: $0))" }
        if let file = model.lab.spec?.studentFile(usedBy: task).flatMap({ model.lab.studentFiles[$0.path] }), !isRun(task) {
            lines += [""] + self.file(file, model)
        }
        return lines + ["", choices(task, model)]
    }

    /// Neither the author of the file nor its build: only its image is used.
    private func isRun(_ task: LabTask) -> Bool {
        switch task.action {
        case .file, .build: false
        case .read, .facts, .image, .run, .shell, .exec, .containers, .compare, .copy, .fetch, .serve, .archive, .register, .predict, .stop,
            .limits, .tune, .rollout, .gpus, .group, .experiment, .cluster:
            true
        }
    }

    /// A file of the student's: how it stands, what the lab wants, and what is wrong in which line.
    func file(_ file: ExaminedFile, _ model: AppModel) -> [String] {
        let ticks = (file.review?.ticks ?? []).map { tick in
            let mark =
                tick.isMet
                ? words.pick("done", "已完成")
                : tick.isMarred
                    ? words.pick("has a mistake", "有错误") : tick.want.isOptional ? words.pick("optional", "可选") : words.pick("missing", "缺少")
            return "  \(mark)\(words.colon)\(model.say(tick.want.text))"
        }
        let remarks = (file.review?.besideTicks ?? []).flatMap { finding in
            [
                "\(model.say(finding.line))\(words.colon)\(SafeLines.clean(text: finding.printed))",
                "  " + model.say(finding.message.followed(by: finding.why)),
                "  + " + model.say(finding.instead),
            ]
        }
        return ["\(file.path)\(words.colon)\(model.say(FileWords.standing(file)))"] + ticks + remarks
    }

    /// What one would type here.
    func choices(_ task: LabTask, _ model: AppModel) -> String {
        let state = model.lab.state(of: task.id)
        let enter = state == .running ? words.pick("what it prints", "查看输出") : model.say(PrimaryAction(task, model).label(task, model))
        let hint = HintLadder(task, model).next == nil || state.isSettled ? "" : words.pick(", h: a hint", "，h：提示")
        return "Enter\(words.colon)\(enter)\(hint)"
            + words.pick(", n: next, p: previous, l: list, help: all commands.", "，n：下一个，p：上一个，l：列表，help：所有命令。")
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
        case .finale(let finale): FinaleLines(finale, model).lines(columns: 78).map(\.text)
        case .question(let box): asked(box, model)
        case .account(let step, _):
            [model.say(LearningWords.account) + words.colon] + AccountLines(step, model).lines(columns: 78).map(\.text)
        case .notes(let title, let texts): [model.say(title) + words.pick(":", "：")] + texts.map { model.say($0) }
        case .help, .palette, .search, .filter, .steps, .doctor, .glossary, .commandWords, .settings, .picture: []
        }
    }

    private func asked(_ box: QuestionBox, _ model: AppModel) -> [String] {
        let choices = box.question.choices.enumerated().map { "  \($0.offset + 1)\(words.colon)\(model.say($0.element.text))" }
        return plain(model.say(box.question.text)) + choices + [words.linearQuestion]
    }

    /// What the student expected of the selected sub-step, beside what came. Empty before there is a result.
    func expectation(_ model: AppModel) -> [String] {
        let task = model.walkthrough.selected.flatMap { model.lab.spec?.task($0) }
        guard let expectation = task.flatMap({ Expectation($0, model.lab.progress) }), expectation.outcome != nil else { return [] }
        return expectation.lines.flatMap { plain(model.say($0)) }
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
            "Type a command and press Enter. `help` lists all commands. `q` quits; a run continues.",
            "输入命令后按 Enter。`help` 列出所有命令，`q` 退出；正在进行的运行会继续。")
    }

    var linearShell: String { pick("Press Enter to open the shell, or type `later`.", "按 Enter 进入 shell；输入 `later` 稍后再说。") }

    var linearConfirm: String { pick("Type y to confirm. Anything else cancels.", "输入 y 执行，其他任何输入都会取消。") }

    var linearQuestion: String {
        pick("Type the number of your answer, or press Enter to skip. There are no marks.", "输入编号作答，或直接按 Enter 跳过。不计分。")
    }

    var linearScreenOnly: String { pick("That is for the screen; here everything is lines.", "该命令用于界面模式；这里全部按行输出。") }

    var linearExamining: String { pick("Looking at this machine…", "正在检查本机……") }

    var linearMeasuring: String { pick("Measuring for a moment…", "正在测量，请稍候……") }

    func linearUnknown(_ word: String, _ nearest: String?) -> String {
        pick(
            "There is no command `\(word)`" + (nearest.map { "; did you mean `\($0)`?" } ?? "; `help` lists them."),
            "没有命令 `\(word)`" + (nearest.map { "；是不是想输入 `\($0)`？" } ?? "；`help` 会列出所有命令。"))
    }
}
