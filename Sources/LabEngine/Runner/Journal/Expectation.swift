package import LabFile
package import LabSupport

/// What a student expected of a task, beside what came of it.
package struct Expectation: Sendable, Equatable {
    /// The result of the task, as far as the question is about it.
    package struct Outcome: Sendable, Equatable {
        /// The measured value as it's shown. Nil if nothing is measured for this question.
        package var measured: Text?
        /// The choice that it means. Nil if it means none of them.
        package var choice: LabQuestion.Choice?
    }

    package let question: LabQuestion
    package var given: QuestionAnswered
    /// Nil until the task is done, or has shown that this machine can't do it.
    package var outcome: Outcome?

    /// Nil if the task asks nothing, or if the student didn't answer.
    package init?(_ task: LabTask, _ progress: LabProgress) {
        guard let question = task.question, let given = progress.help.answers[task.id] else { return nil }
        self.question = question
        self.given = given
        outcome = Self.outcome(question, progress.records[task.id])
    }

    /// True if it came as expected. Nil if that's not known.
    package var isRight: Bool? { outcome.flatMap { $0.choice }.map { $0.text == given.answer } }

    private static func outcome(_ question: LabQuestion, _ record: TaskRecord?) -> Outcome? {
        guard let record, record.phase != .begun else { return nil }
        guard let quantity = question.measured else {
            // The right choice is the same on each machine, also on one that can't do the task.
            guard record.success != nil || record.phase == .ended(.unavailable) else { return nil }
            return Outcome(measured: nil, choice: question.right.map { question.choices[$0] })
        }
        guard let success = record.success else { return nil }
        guard let value = value(quantity, record, success) else { return nil }
        let choice = question.choice(for: value).map { question.choices[$0] }
        // A word of the lab's own output says less than the choice that it means.
        let measured = Double(value) == nil ? choice?.text : nil
        return Outcome(measured: measured ?? shown(value, question), choice: choice)
    }

    private static func value(_ quantity: LabQuestion.Quantity, _ record: TaskRecord, _ success: TaskRecord.Success) -> String? {
        switch quantity {
        case .captured(let name): return record.captured.last { $0.name == name }?.value
        case .metric(let name): return record.metrics[name]?.last.map { String($0.value) }
        case .fact(let name, let pattern):
            guard let text = record.facts.last(where: { $0.name == name })?.text.en else { return nil }
            return matched(pattern, text)
        case .prediction(let part):
            guard let label = record.predictions.last?.top.first else { return nil }
            return part == .label ? label.label : String(label.probability)
        case .seconds: return success.seconds > 0 ? String(success.seconds) : nil
        }
    }

    /// What a view asked for already. It asks several times for each frame, and a lab's pattern takes a thread.
    private static let known = Locked<[[String]: String?]>([:])

    private static func matched(_ pattern: String, _ text: String) -> String? {
        if let value = known.withLock({ $0[[pattern, text]] }) { return value }
        let value = ForeignPattern.apply(pattern, to: text) { $1.firstMatch(of: $0)?.output.dropFirst().first?.substring.map(String.init) }
        known.withLock { known in
            if known.count >= 32 { known = [:] }
            known[[pattern, text]] = .some(value)
        }
        return value
    }

    private static func shown(_ value: String, _ question: LabQuestion) -> Text {
        guard let number = Double(value) else { return Text(verbatim: SafeLines.clean(text: value)) }
        if question.isShare { return Text(verbatim: ShownNumber.percent(share: number, 1)) }
        let digits = number == number.rounded() ? ShownNumber.fixed(number, 0) : ShownNumber.significant(number)
        if question.measured == .seconds { return Text(en: "\(digits) s", zh: "\(digits) 秒") }
        return Text(verbatim: digits)
    }
}

extension Expectation {
    /// What was expected and what came, as sentences.
    package var lines: [Text] {
        let expected = Text(en: "You expected: \(given.answer.en)", zh: "你的预测：\(given.answer.zh)")
        guard let outcome else { return [expected] }
        return [expected, Self.came(outcome, isRight), question.because].filter { !$0.en.isEmpty }
    }

    private static func came(_ outcome: Outcome, _ isRight: Bool?) -> Text {
        let mark = isRight == true ? Text(en: ", as you expected", zh: "，与你的预测一致") : Text(verbatim: "")
        switch (outcome.measured, outcome.choice?.text) {
        case (let value?, let choice?) where isRight != true && value != choice:
            return Text(en: "Measured: \(value.en), so: \(choice.en)", zh: "实测：\(value.zh)，即：\(choice.zh)")
        case (let value?, _): return Text(en: "Measured: \(value.en)\(mark.en)", zh: "实测：\(value.zh)\(mark.zh)")
        case (nil, let choice?): return Text(en: "It is: \(choice.en)\(mark.en)", zh: "实际：\(choice.zh)\(mark.zh)")
        case (nil, nil): return Text(verbatim: "")
        }
    }
}
