package import LabSupport

/// One step of a ladder of hints. Each says more than the one before.
package struct LabHint: Sendable, Equatable {
    /// How much a hint gives away.
    package enum Level: String, Sendable, Codable, CaseIterable, Comparable {
        /// It asks what to think about.
        case question
        /// It says where to look, or which tool does it.
        case pointer
        /// It shows the form of the command, with gaps.
        case shape
        /// It's the solution. The student is asked before it's shown.
        case answer

        package static func < (one: Level, other: Level) -> Bool {
            allCases.firstIndex(of: one) ?? 0 < allCases.firstIndex(of: other) ?? 0
        }
    }

    package var level: Level
    package var text: Text

    package init(level: Level, text: Text) {
        self.level = level
        self.text = text
    }
}

extension LabHint: Templated {
    init(_ fields: LabFields) {
        self.init(
            level: fields[optional: "level"]?.keyword(otherwise: .pointer) ?? .pointer,
            text: Text(en: fields["en"].string, zh: fields["zh"].string))
    }

    package func filled(by template: Template) throws(TemplateError) -> LabHint {
        LabHint(level: level, text: try text.filled(by: template))
    }
}

extension LabTask {
    /// How many hints there are. The reference solution of a file is the last one.
    package var hintCount: Int { hints.count + (hasReference ? 1 : 0) }

    /// It has a reference solution, which comes after all hints.
    package var hasReference: Bool {
        if case .file = action { true } else { false }
    }
}

extension LabSpec {
    /// The task whose hints help with this one: itself, or, if it has none, the task in which its file is written.
    package func helper(of task: LabTask) -> LabTask {
        guard task.hintCount == 0, case .build(let build) = task.action, let path = build.student else { return task }
        let author = tasks.first { other in
            if case .file(let file) = other.action { file.path == path } else { false }
        }
        return author ?? task
    }
}
