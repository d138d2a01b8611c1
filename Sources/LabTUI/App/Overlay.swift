package import LabFile
package import LabRunner
package import LabSupport

/// A box over the screen. It gets the keys until it's closed.
package enum Overlay: Sendable, Equatable {
    case help(offset: Int)
    case palette(Palette)
    case search(String)
    case filter(String)
    /// Sentences to read, such as the problems in the student's key file.
    case notes(Text, [Text])
    case steps(selection: Int)
    case confirm(Confirmation)
    /// The doctor's results.
    case doctor(DoctorBox)
    /// Nothing is left to do.
    case finale(Finale)
    /// A question before a task runs.
    case question(QuestionBox)
    /// What the student showed with a step.
    case account(step: Int, offset: Int)
    case glossary(GlossaryBox)
    /// The selected task's commands, word by word.
    case commandWords(offset: Int)
    case settings(SettingsBox)
    /// A picture of the student's, and what a model says of it.
    case picture(PictureBox)
    /// A container's shell is ready to enter.
    case shell(TaskID, ShellReady)
}

extension Overlay {
    /// It lies over the screen. A search or a filter only takes the last line.
    var isBox: Bool {
        switch self {
        case .search, .filter: false
        case .help, .palette, .notes, .steps, .confirm, .doctor, .finale, .question, .account, .glossary, .commandWords, .settings,
            .picture, .shell:
            true
        }
    }
}

/// The box that finds commands by name.
package struct Palette: Sendable, Equatable {
    package var text = ""
    package var selection = 0

    package init() {}
}

/// A question before something that can't be undone.
package struct Confirmation: Sendable, Equatable {
    /// What a yes does.
    package enum Answer: Sendable, Equatable {
        case start([AppEffect])
        case launch(LaunchRequest)
        /// Opens the next hint of a task, which gives its solution.
        case showSolution(TaskID)
    }

    package var title: Text
    package var lines: [Text]
    package var answer: Answer
    /// Only the letter agrees, and Enter doesn't.
    package var needsLetter: Bool

    package init(title: Text, lines: [Text], answer: Answer, needsLetter: Bool = false) {
        self.title = title
        self.lines = lines
        self.answer = answer
        self.needsLetter = needsLetter
    }
}
