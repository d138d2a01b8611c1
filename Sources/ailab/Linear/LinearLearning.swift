import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI

/// Hints, terms, the words of commands, proofs and settings as lines.
struct LinearLearning {
    /// An answer: what is asked for, and what is said at once.
    typealias Answer = (effects: [AppEffect], lines: [String])

    private let model: AppModel
    private let said = Words(language: Console.language)
    /// The width of what is said.
    private static let columns = 78

    init(_ model: AppModel) { self.model = model }

    private var task: LabTask? { model.walkthrough.selected.flatMap { model.lab.spec?.task($0) } }

    // MARK: Hints

    /// The newest hint; behind the last one the reference solution.
    var hints: [String] {
        guard let spec = model.lab.spec, let ladder = task.map({ HintLadder($0, model) }), ladder.opened > 0 else { return [] }
        if ladder.showsReference, case .file(let file) = ladder.task.action {
            return [model.say(.reference) + said.pick(":", "：")] + lines(of: file, in: spec)
        }
        let hint = ladder.task.hints[ladder.opened - 1]
        let look = Look(theme: .mono, glyphs: .ascii)
        let level = model.say(LearningWords.level(hint.level))
        return ["\(model.say(.hints)) \(ladder.opened)/\(ladder.task.hintCount)\(said.pick(" (\(level)):", "（\(level)）："))"]
            + Markdown.lines(model.say(model.lab.spoken(hint.text)), columns: Self.columns, look: look).map(\.text)
    }

    /// The lab is someone else's, so nothing is read through a link that leads out of its folder.
    private func lines(of file: LabFileAction, in spec: LabSpec) -> [String] {
        do {
            let bytes = try PathBelow(file.reference, in: spec.directory).read()
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        } catch {
            return [model.say(LabError(describing: error).message)]
        }
    }

    // MARK: Terms and commands

    /// Terms that a word names, or all of them.
    func terms(_ text: String) -> [String] {
        guard let glossary = try? model.lab.spec?.readGlossary() else { return [model.say(LearningWords.noGlossary)] }
        let found = glossary.matches(text, model.settings.language)
        if found.isEmpty { return [model.say(LearningWords.noTerm(SafeLines.clean(text: text)))] }
        return found.flatMap { GlossaryView.lines($0, model, columns: Self.columns).map(\.text) }
    }

    /// The words of the selected sub-step's commands.
    var words: [String] {
        guard let known = try? model.lab.spec?.readCommands() else { return [model.say(LearningWords.noWords)] }
        guard let task, !model.lab.commands(of: task.id).isEmpty else { return [model.say(LearningWords.nothingToExplain)] }
        var model = model
        model.lab.commandWords = known
        return CommandWordLines(model).lines(columns: Self.columns).map(\.text)
    }

    // MARK: Proofs and settings

    /// What the student showed with this step.
    var account: [String] { AccountLines(task?.id.step ?? 1, model).lines(columns: Self.columns).map(\.text) }

    /// The settings, and how to change them.
    var settings: [String] {
        SettingsBox(model).listing(model).map { "  \($0.name)\(said.colon)\(model.say($0.value))" }
            + [
                said.pick(
                    "To change one: set epochs 3, set training quick, set device cpu, set language zh",
                    "修改方法：set epochs 3、set training quick、set device cpu、set language zh")
            ]
    }

    /// `set NAME VALUE` or `set NAME=VALUE`; without words, the settings.
    func set(_ typed: [String], _ model: inout AppModel) -> Answer {
        let parts = typed.flatMap { $0.split(separator: "=").map(String.init) }
        guard parts.count == 2 else { return ([], settings) }
        var box = SettingsBox(model)
        guard box.set(parts[0].lowercased(), to: parts[1], model) else {
            let names = box.listing(model).map(\.name)
            return ([], [said.linearNoSetting(SafeLines.clean(text: parts.joined(separator: " ")), NearestWord.to(parts[0], among: names))])
        }
        return (SettingsUpdate.save(box, &model), [])
    }
}

extension Words {
    func linearNoSetting(_ typed: String, _ nearest: String?) -> String {
        pick(
            "`\(typed)` isn't a setting and its value" + (nearest.map { "; did you mean `\($0)`?" } ?? "; `settings` lists them."),
            "`\(typed)` 不是有效的设置" + (nearest.map { "；是不是想写 `\($0)`？" } ?? "；输入 `settings` 查看全部。"))
    }
}
