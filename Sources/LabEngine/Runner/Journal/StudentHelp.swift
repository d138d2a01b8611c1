package import LabFile

/// What the student did besides running tasks: answers to questions, opened hints, changed settings.
package struct StudentHelp: Sendable, Equatable {
    /// The last answers, by task.
    package private(set) var answers: [TaskID: QuestionAnswered] = [:]
    /// The highest hints that were opened, by task.
    package private(set) var hints: [TaskID: HintOpened] = [:]
    /// The last settings that were saved.
    package private(set) var settings: SettingsChanged?
    /// No run has begun since they were saved.
    private var areSettingsNewer = false

    package init() {}

    mutating func take(_ answer: QuestionAnswered, of task: TaskID?) {
        if let task { answers[task] = answer }
    }

    mutating func take(_ hint: HintOpened, of task: TaskID?) {
        guard let task, hint.number > hints[task]?.number ?? 0 else { return }
        hints[task] = hint
    }

    mutating func take(_ settings: SettingsChanged) {
        self.settings = settings
        areSettingsNewer = true
    }

    mutating func runBegan() { areSettingsNewer = false }

    /// The settings that the next run begins with: the saved ones, or those of a run that began after they were saved.
    func current(_ last: RunOptions) -> RunOptions { areSettingsNewer ? settings?.applied(to: last) ?? last : last }
}
