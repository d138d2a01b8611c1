package import LabFile
package import LabSupport

/// The student said what they expect of a task, before it ran.
package struct QuestionAnswered: Sendable, Equatable, Codable {
    /// The question as it was asked. The lab file may change later.
    package var question: Text
    /// The chosen answer as it was shown.
    package var answer: Text

    package init(question: Text, answer: Text) {
        self.question = question
        self.answer = answer
    }
}

/// The student opened a hint of a task.
package struct HintOpened: Sendable, Equatable, Codable {
    /// Its place on the ladder, from 1.
    package var number: Int
    /// How many hints the task has, its reference solution among them.
    package var all: Int
    package var level: LabHint.Level

    package init(number: Int, all: Int, level: LabHint.Level) {
        self.number = number
        self.all = all
        self.level = level
    }
}

/// The student changed the settings of this workspace. Runs begin with them, unless a command line says otherwise.
package struct SettingsChanged: Sendable, Equatable, Codable {
    package var quick: Bool
    package var device: RunOptions.Device
    /// The variables that differ from the lab's values.
    package var set: [String: String]

    package init(quick: Bool, device: RunOptions.Device, set: [String: String]) {
        self.quick = quick
        self.device = device
        self.set = set
    }

    /// Those of these options.
    package init(_ options: RunOptions) { self.init(quick: options.quick, device: options.device, set: options.set) }

    /// The options with these settings in the place of their own.
    package func applied(to options: RunOptions) -> RunOptions {
        var options = options
        options.quick = quick
        options.device = device
        options.set = set
        return options
    }
}
