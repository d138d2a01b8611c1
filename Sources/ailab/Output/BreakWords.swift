import LabEngine
import LabSupport

/// The sentences of `ailab break`.
struct BreakWords {
    let language: Language

    private func pick(_ en: String, _ zh: String) -> String { language == .zh ? zh : en }

    func row(_ fault: BreakFault) -> String {
        let base = fault.base == .serving ? pick("  (needs the serving image)", "（需要推理镜像）") : ""
        let number = fault.number < 10 ? " \(fault.number)" : "\(fault.number)"
        return "\(number)  \(fault.story[language])\(base)"
    }

    func unknown(_ count: Int) -> String {
        pick("There are faults 1 to \(count). `ailab break --list` shows them.", "故障编号为 1 到 \(count)，`ailab break --list` 会列出它们。")
    }

    func preparing(_ fault: BreakFault) -> String { pick("Breaking something… (fault \(fault.number))", "正在制造故障……（故障 \(fault.number)）") }

    func scene(_ session: BreakSession, _ symptom: BreakSession.Symptom) -> [String] {
        let answers = session.choices.enumerated().map { "  \($0.offset + 1)) \($0.element.title[language])" }
        return [
            "", Style.bold(pick("Fault \(session.fault.number)", "故障 \(session.fault.number)")), session.fault.story[language], "",
            "$ \(symptom.command)",
        ] + symptom.output.split(separator: "\n").suffix(Self.shownLines).map { "  \($0)" } + [
            pick("Exit code \(symptom.exitCode)", "退出码 \(symptom.exitCode)"), "",
            pick("It is still broken. Look around in another terminal:", "故障仍然存在，可以在另一个终端中查看："),
        ] + session.looks.map { "  \($0)" } + ["", pick("What is the cause?", "原因是什么？")] + answers + [""]
    }

    private static let shownLines = 25

    func prompt(_ count: Int, hints: Int) -> String {
        let hint = hints > 0 ? pick(", h hint", "，h 提示") : ""
        return pick("Answer (1–\(count)\(hint), q give up): ", "回答（1–\(count)\(hint)，q 放弃）：")
    }

    var noHint: String { pick("There are no more hints.", "没有更多提示。") }
    var notAnAnswer: String { pick("Type a number, h or q.", "请输入编号、h 或 q。") }
    var right: String { Style.bold(pick("✔ You found it.", "✔ 你找到了。")) }
    var wrong: String { pick("✘ Not that. Look at the message and the exit code again.", "✘ 不是。请再看一遍报错和退出码。") }

    func givenUp(_ cause: Text) -> String { pick("The cause: \(cause.en).", "原因：\(cause.zh)。") }

    var diagnosis: String { pick("What `ailab diagnose` says of the same output:", "`ailab diagnose` 对同一段输出的诊断：") }
    var undone: String { pick("The fault is undone.", "故障已撤销。") }
    var nothingToUndo: String { pick("There is no fault to undo.", "没有需要撤销的故障。") }
    var undoneLater: String {
        pick("An `ailab break` was killed. Its fault is undone now.", "之前的 `ailab break` 被强制终止，它的故障现已撤销。")
    }
}
