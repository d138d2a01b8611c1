package import LabFile
import LabRunner
import LabSupport

/// A question before a task runs. It's never in the way: Enter goes on without an answer.
package struct QuestionBox: Sendable, Equatable {
    package var task: TaskID
    package var question: LabQuestion
    /// The run that comes after it.
    package var request: LaunchRequest
    /// The choice that the arrows reached. Nil at first, so that Enter alone answers nothing.
    package var selection: Int?

    package init(task: TaskID, question: LabQuestion, request: LaunchRequest) {
        self.task = task
        self.question = question
        self.request = request
    }
}

/// Asks the question of a task, and handles the keys of its box.
enum QuestionUpdate {
    /// The question to ask before a run. Nil if the student answered it, passed it over, or knows the result already.
    static func box(before request: LaunchRequest, _ task: LabTask, _ model: AppModel) -> QuestionBox? {
        guard !request.auto, let question = task.question, !model.walkthrough.passedQuestions.contains(task.id),
            model.lab.progress.help.answers[task.id]?.question != question.text, model.lab.progress.success(of: task.id) == nil
        else { return nil }
        return QuestionBox(task: task.id, question: question, request: request)
    }

    static func pressed(_ key: Key, _ box: QuestionBox, _ model: inout AppModel) -> [AppEffect] {
        var box = box
        let count = box.question.choices.count
        switch key {
        case .up, .character("k"): box.selection = max(0, (box.selection ?? count) - 1)
        case .down, .character("j"): box.selection = min(count - 1, (box.selection ?? -1) + 1)
        case .character("q"): return OverlayUpdate.close(&model)
        case .character("s"): return goOn(box, nil, &model)
        case .enter: return goOn(box, box.selection, &model)
        case .character(let character):
            guard let number = character.wholeNumberValue, (1...count).contains(number) else { return [] }
            return goOn(box, number - 1, &model)
        default: return []
        }
        OverlayUpdate.replace(.question(box), &model)
        return []
    }

    /// Records the answer, if there is one, and asks for the run.
    static func goOn(_ box: QuestionBox, _ choice: Int?, _ model: inout AppModel) -> [AppEffect] {
        model.overlays.removeAll { $0 == .question(box) || isQuestion($0, of: box.task) }
        model.walkthrough.passedQuestions.insert(box.task)
        var effects: [AppEffect] = []
        if let choice {
            let answer = QuestionAnswered(question: box.question.text, answer: box.question.choices[choice].text)
            effects.append(.answer(box.task, answer))
        }
        return effects + TaskUpdate.start(box.request, &model)
    }

    private static func isQuestion(_ overlay: Overlay, of task: TaskID) -> Bool {
        if case .question(let box) = overlay { box.task == task } else { false }
    }
}

/// The lines of the box.
package struct QuestionLines {
    private let box: QuestionBox
    private let model: AppModel

    package init(_ box: QuestionBox, _ model: AppModel) {
        self.box = box
        self.model = model
    }

    package func lines(columns: Int) -> [RichLine] {
        let look = model.look
        var lines = Markdown.lines(model.say(box.question.text), columns: columns, look: look) + [RichLine([])]
        for (index, choice) in box.question.choices.enumerated() {
            let isSelected = index == box.selection
            let style = isSelected ? look[.selection] : look[.text]
            let mark = isSelected ? look.glyphs.running : " "
            lines += RichLine(
                [Span("\(mark) ", look[.key]), Span("\(index + 1)", look[.key]), Span("  " + model.say(choice.text), style)], hanging: 5
            ).wrapped(to: columns)
        }
        return lines + [RichLine([])] + RichLine(model.say(LearningWords.noMarks(box.question)), look[.muted]).wrapped(to: columns)
    }
}
