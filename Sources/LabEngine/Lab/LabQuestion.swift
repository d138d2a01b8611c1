package import LabSupport

/// A question that the student answers before a task runs: what will happen? What is measured afterwards answers it. There are no marks.
package struct LabQuestion: Sendable, Equatable {
    /// An answer to choose.
    package struct Choice: Sendable, Equatable {
        package var text: Text
        /// It's the true one of a question without a measurement.
        package var isRight: Bool
        /// The measured number is at least this.
        package var atLeast: Double?
        /// The measured number is smaller than this.
        package var below: Double?
        /// A regular expression that the measured text contains.
        package var pattern: String?

        package init(text: Text, isRight: Bool = false, atLeast: Double? = nil, below: Double? = nil, pattern: String? = nil) {
            self.text = text
            self.isRight = isRight
            self.atLeast = atLeast
            self.below = below
            self.pattern = pattern
        }

        /// True if a measured value means this choice.
        package func fits(_ value: String) -> Bool {
            if let pattern { return ForeignPattern.apply(pattern, to: value) { $1.firstMatch(of: $0) != nil } ?? false }
            guard atLeast != nil || below != nil, let number = Double(value) else { return false }
            return number >= atLeast ?? -.infinity && number < below ?? .infinity
        }
    }

    /// The value of a task's run that answers the question.
    package enum Quantity: Sendable, Equatable {
        /// A value that a check captured.
        case captured(String)
        /// The last value of a metric.
        case metric(String)
        /// The first group of a pattern in the English text of a fact.
        case fact(String, pattern: String)
        /// The first label of the last prediction, or its probability.
        case prediction(Part)
        /// How long the task took.
        case seconds

        package enum Part: String, Sendable, CaseIterable {
            case label
            case probability
        }
    }

    package var text: Text
    package var choices: [Choice]
    /// Nil if ailab measures nothing. Then one of the choices is marked as right.
    package var measured: Quantity?
    /// The measured number is a share, to be shown in percent.
    package var isShare: Bool
    /// Why it is so. It's shown with the measurement.
    package var because: Text

    package init(text: Text, choices: [Choice], measured: Quantity?, isShare: Bool = false, because: Text) {
        self.text = text
        self.choices = choices
        self.measured = measured
        self.isShare = isShare
        self.because = because
    }

    /// The index of the choice that a measured value means. Nil if it means none.
    package func choice(for value: String) -> Int? { choices.firstIndex { $0.fits(value) } }

    /// The index of the choice that is right without a measurement.
    package var right: Int? { measured == nil ? choices.firstIndex(where: \.isRight) : nil }
}

extension LabQuestion {
    init(_ fields: LabFields) {
        self.init(
            text: fields["text"].text,
            choices: fields["choices"].list { $0.object { Choice($0) } },
            measured: nil, because: fields["because"].text)
        guard let value = fields[optional: "measured"] else { return }
        (measured, isShare) = value.object { fields in
            let isShare = fields[optional: "percent"]?.flag ?? false
            let pattern = fields[optional: "pattern"]?.string ?? ""
            let table: [(key: String, decode: (LabValue) -> Quantity)] = [
                ("captured", { .captured($0.string) }),
                ("metric", { .metric($0.string) }),
                ("fact", { .fact($0.string, pattern: pattern) }),
                ("prediction", { .prediction($0.keyword(otherwise: .label)) }),
                ("seconds", { $0.trueMeaning(.seconds) }),
            ]
            return (fields.choice(table, otherwise: .seconds), isShare)
        }
    }
}

extension LabQuestion.Choice {
    init(_ fields: LabFields) {
        self.init(
            text: fields["text"].text,
            isRight: fields[optional: "right"]?.flag ?? false,
            atLeast: fields[optional: "at_least"]?.number,
            below: fields[optional: "below"]?.number,
            pattern: fields[optional: "matches"]?.string)
    }
}

extension LabValue {
    /// A number with or without decimals.
    fileprivate var number: Double {
        let text = string
        guard !text.isEmpty else { return 0 }
        if let number = Double(text), number.isFinite { return number }
        report(LabWording.notANumber(text))
        return 0
    }
}

extension LabQuestion: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabQuestion {
        var question = self
        question.text = try text.filled(by: template)
        question.because = try because.filled(by: template)
        for index in choices.indices {
            question.choices[index].text = try choices[index].text.filled(by: template)
            if let pattern = choices[index].pattern { question.choices[index].pattern = try template.fill(pattern: pattern) }
        }
        if case .fact(let name, let pattern) = measured { question.measured = .fact(name, pattern: try template.fill(pattern: pattern)) }
        return question
    }
}
