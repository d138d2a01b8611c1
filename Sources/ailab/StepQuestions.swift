import Glibc
import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI

/// Asks what the student expects before `ailab step` runs, and says afterwards what came of it. Only a person at a terminal is asked.
struct StepQuestions {
    private let lab: OpenedLab
    private let words = Words(language: Console.language)

    init(_ lab: OpenedLab) { self.lab = lab }

    /// Whether somebody is there who can be asked.
    static func canAsk(auto: Bool, json: Bool) -> Bool {
        !auto && !json && Console.inputIsTerminal && Console.outputIsTerminal
    }

    /// Asks the questions of the selected sub-steps, and records the answers. Returns the sub-steps whose questions were answered.
    func ask(_ selection: String) throws -> [TaskID] {
        let progress = lab.progress
        var answered: [TaskID] = []
        for id in try lab.tasks(selection) {
            guard let task = lab.spec.task(id), let question = task.question, isOpen(task, question, progress) else { continue }
            show(task, question)
            switch answer(question.choices.count) {
            case .choice(let index):
                try lab.answer(QuestionAnswered(question: question.text, answer: question.choices[index].text), of: id)
                answered.append(id)
            case .none: continue
            case .noMore: return answered
            }
        }
        return answered
    }

    /// What was measured, beside the answers.
    func tell(_ tasks: [TaskID]) {
        let progress = lab.progress
        for task in tasks.compactMap({ lab.spec.task($0) }) {
            guard let expectation = Expectation(task, progress), expectation.outcome != nil else { continue }
            Console.output("\n\(task.id) \(task.title[words.language])")
            for line in expectation.lines { Prose.wrapped(plain(line), indent: 2).forEach { Console.output($0) } }
        }
    }

    /// Nobody answered it yet, and the result isn't known.
    private func isOpen(_ task: LabTask, _ question: LabQuestion, _ progress: LabProgress) -> Bool {
        progress.help.answers[task.id]?.question != question.text && progress.success(of: task.id) == nil
    }

    private func show(_ task: LabTask, _ question: LabQuestion) {
        Console.output("\(task.id) \(task.title[words.language])\(words.colon)\(LearningWords.question[words.language])")
        Prose.wrapped(plain(question.text), indent: 2).forEach { Console.output($0) }
        for (index, choice) in question.choices.enumerated() { Console.output("    \(index + 1)  \(plain(choice.text))") }
    }

    private func plain(_ text: Text) -> String {
        let look = Look(theme: .mono, glyphs: .ascii)
        return Markdown.lines(text[words.language], columns: 1000, look: look).map(\.text).joined(separator: " ")
    }

    private enum Answer {
        case choice(Int)
        case none
        /// The student wants no more questions, or the input ended.
        case noMore
    }

    private func answer(_ count: Int) -> Answer {
        Console.write(words.stepQuestion(count), to: STDERR_FILENO)
        guard let line = Console.line()?.filter({ !$0.isWhitespace }) else { return .noMore }
        if ["s", "skip"].contains(line.lowercased()) { return .noMore }
        guard let number = Int(line), (1...count).contains(number) else { return .none }
        return .choice(number - 1)
    }
}

extension Words {
    fileprivate func stepQuestion(_ count: Int) -> String {
        pick("1–\(count), Enter to go on without an answer, s for no more questions: ", "输入 1–\(count) 作答，Enter 直接继续，s 不再提问：")
    }
}
