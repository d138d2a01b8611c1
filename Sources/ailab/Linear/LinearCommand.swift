import LabFile
import LabRunner
import LabSupport
import LabTUI

/// A typed line: a command by its name or key, a place, an answer, or a search.
struct LinearCommand {
    private let line: String
    private let keys: LabTUI.Keys
    private let words = Words(language: Console.language)

    init(_ line: String, _ model: AppModel) {
        self.line = line.filter { !$0.isNewline }
        keys = model.settings.keys
    }

    private var text: String {
        let trimmed = line.drop { $0.isWhitespace }
        return String(trimmed.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// What it changes, asks for and says.
    func perform(_ model: inout AppModel) -> (effects: [AppEffect], lines: [String]) {
        model.message = nil
        switch model.overlays.last {
        case .shell: return (AppUpdate.update(&model, .key(text.isEmpty ? .enter : .escape)), [])
        case .confirm(let question): return answered(question, &model)
        case .question(let box): if let answer = answered(box, &model) { return (answer, []) }
        case nil: break
        default: model.overlays.removeAll()
        }
        if text.isEmpty { return primary(&model) }
        if text.count > 1, text.hasPrefix("?") || text.hasPrefix("？") { return ([], LinearLearning(model).terms(String(text.dropFirst()))) }
        if text.lowercased() == "set" || text.lowercased().hasPrefix("set ") {
            return LinearLearning(model).set(text.split(separator: " ").dropFirst().map(String.init), &model)
        }
        if text.hasPrefix("picture ") || text.hasPrefix("P ") {
            return picture(String(text.drop { $0 != " " }.dropFirst()), &model)
        }
        if text.hasPrefix("/") || text.hasPrefix("&") { return ([], found(String(text.dropFirst()), model)) }
        if let task = TaskID(text), model.lab.spec?.task(task) != nil { return (WalkthroughUpdate.select(task, &model), []) }
        if let number = Int(text) { return (CommandUpdate.perform(.step(number), &model), []) }
        guard let command = named else {
            let names = keys.bindings.map(\.name) + ["help"]
            return ([], [words.linearUnknown(SafeLines.clean(text: text), NearestWord.to(text, among: names))])
        }
        return perform(command, &model)
    }

    private func answered(_ question: Confirmation, _ model: inout AppModel) -> (effects: [AppEffect], lines: [String]) {
        let isYes = ["y", "yes", "是"].contains(text.lowercased())
        let effects = AppUpdate.update(&model, .key(isYes ? .character("y") : .escape))
        guard isYes, case .showSolution = question.answer else { return (effects, []) }
        return (effects, LinearLearning(model).hints)
    }

    /// Answers with a number, or goes on without an answer. Nil if the line is a command, which the question doesn't keep from being
    /// performed.
    private func answered(_ box: QuestionBox, _ model: inout AppModel) -> [AppEffect]? {
        if text.isEmpty { return AppUpdate.update(&model, .key(.enter)) }
        if ["s", "skip"].contains(text.lowercased()) { return AppUpdate.update(&model, .key(.character("s"))) }
        if let number = Int(text), number > 0, number <= box.question.choices.count, let digit = text.first {
            return AppUpdate.update(&model, .key(.character(digit)))
        }
        _ = AppUpdate.update(&model, .key(.escape))
        return nil
    }

    private var named: Command? {
        if ["quit", "exit", "bye"].contains(text.lowercased()) { return .close }
        if let binding = keys.bindings.first(where: { $0.name == text.lowercased() }) { return binding.command }
        guard text.count == 1, let key = text.first else { return nil }
        return keys.command(for: .character(key)) { $0 != .searching }
    }

    private func primary(_ model: inout AppModel) -> (effects: [AppEffect], lines: [String]) {
        // What a shell prints goes to its own terminal. Other output can only be asked for here.
        if let task = model.walkthrough.selected, model.lab.state(of: task) == .running, model.lab.progress.records[task]?.shell == nil {
            return ([], output(model))
        }
        return (CommandUpdate.perform(.primary, &model), [])
    }

    private func perform(_ command: Command, _ model: inout AppModel) -> (effects: [AppEffect], lines: [String]) {
        switch command {
        case .help, .palette: return ([], help(model))
        case .list: return ([], list(model))
        case .output: return ([], output(model))
        case .doctor:
            let effects = CommandUpdate.examine(&model)
            return (effects, effects.isEmpty ? [] : [words.linearExamining])
        case .telemetry:
            guard model.settings.demoSpeed == nil else { return ([], [model.say(.demoOnly)]) }
            return ([.startTelemetry], [words.linearMeasuring])
        case .hint:
            let questions = model.overlays.count
            let effects = CommandUpdate.perform(command, &model)
            return (effects, model.overlays.count > questions ? [] : LinearLearning(model).hints)
        case .glossary: return ([], LinearLearning(model).terms(""))
        case .commandWords: return ([], LinearLearning(model).words)
        case .account: return ([], LinearLearning(model).account)
        case .settings: return ([], LinearLearning(model).settings)
        case .move(.up), .previousTask: return (CommandUpdate.perform(.previousTask, &model), [])
        case .move(.down), .nextTask: return (CommandUpdate.perform(.nextTask, &model), [])
        case .back, .move, .nextPane, .previousPane, .previousTab, .nextTab, .wrap, .time,
            .follow, .zoom, .mouse, .redraw, .theme, .search, .filter, .findNext, .findPrevious, .copyCommand, .copyOutput, .language:
            return ([], [words.linearScreenOnly])
        case .predict: return picture("", &model)
        case .primary, .run, .auto, .verify, .edit, .skip, .reset, .cure, .allCures, .close, .interrupt, .stop, .step, .report, .save,
            .unfold:
            return (CommandUpdate.perform(command, &model), [])
        }
    }

    /// Asks a model about a picture of the student's: `picture PATH`.
    private func picture(_ path: String, _ model: inout AppModel) -> (effects: [AppEffect], lines: [String]) {
        guard let question = PictureUpdate.question(path, model) else { return ([], [model.say(PictureWords.noModel)]) }
        guard !path.isEmpty else { return ([], [model.say(PictureWords.howInLines)]) }
        guard model.settings.demoSpeed == nil else { return ([], [model.say(.demoOnly)]) }
        return ([.predict(question)], [model.say(PictureWords.asking(question.model))])
    }

    private func help(_ model: AppModel) -> [String] {
        let usable = keys.bindings.filter { binding in
            var probe = model
            probe.overlays = []
            return LinearCommand.speaks(binding.command)
        }
        return usable.map { "\($0.name) (\($0.keys.first?.name ?? ""))\(words.colon)\(model.say($0.help))" }
            + ["3, 3.4\(words.colon)\(model.say(.helpStep))", "/…\(words.colon)\(model.say(.helpSearch))"]
    }

    /// Whether a command does something without a screen.
    private static func speaks(_ command: Command) -> Bool {
        switch command {
        case .primary, .run, .interrupt, .hint, .edit, .help, .close, .verify, .nextTask, .previousTask, .list, .auto, .output, .report,
            .skip, .reset, .save, .cure, .doctor, .telemetry, .glossary, .commandWords, .account, .settings, .predict:
            true
        case .back, .move, .nextPane, .previousPane, .step, .previousTab, .nextTab, .copyCommand, .copyOutput, .wrap, .unfold, .time,
            .follow, .zoom, .mouse, .redraw, .stop, .allCures, .language, .theme, .palette, .search, .findNext, .findPrevious, .filter:
            false
        }
    }

    private func list(_ model: AppModel) -> [String] {
        (model.lab.spec?.steps ?? []).flatMap { step in
            ["\(step.number) \(model.say(step.title))"]
                + step.tasks.map { task in
                    "  \(task.id) \(model.say(task.title))\(words.colon)\(model.say(model.lab.state(of: task.id).text))"
                }
        }
    }

    /// The end of what the chosen sub-step printed.
    private func output(_ model: AppModel) -> [String] {
        let log = model.walkthrough.log
        guard log.count > 0 else { return [model.say(.noOutput)] }
        return (max(log.firstLine, log.endLine - 30)..<log.endLine).map { String(decoding: log.bytes(of: $0), as: UTF8.self) }
    }

    private func found(_ wanted: String, _ model: AppModel) -> [String] {
        guard !wanted.isEmpty else { return [] }
        let log = model.walkthrough.log
        let search = LogSearch(wanted)
        let lines = (log.firstLine..<log.endLine).filter { search.isFound(in: log.bytes(of: $0)) }
        return lines.isEmpty ? [model.say(.notFound)] : lines.map { String(decoding: log.bytes(of: $0), as: UTF8.self) }
    }
}
