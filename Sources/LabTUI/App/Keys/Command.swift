package import LabSupport

/// A command from a key or the palette.
package enum Command: Sendable, Hashable {
    case help
    case close
    case back
    case move(Movement)
    case nextPane
    case previousPane
    case step(Int)
    case previousTab
    case nextTab
    case primary
    case run
    case verify
    case hint
    case nextTask
    case previousTask
    case auto
    case doctor
    case telemetry
    case output
    case report
    case copyCommand
    case copyOutput
    case wrap
    /// Folds a build's log by instruction, or shows it whole.
    case unfold
    case time
    case follow
    case zoom
    case mouse
    case save
    case redraw
    case interrupt
    case stop
    case skip
    case reset
    /// Applies the remedy that the diagnosis proposes.
    case cure
    /// Shows all cures, or only the first ones.
    case allCures
    case language
    case theme
    case list
    case edit
    case palette
    case search
    case findNext
    case findPrevious
    case filter
    /// What the student showed with this step.
    case account
    case glossary
    /// The command, word by word.
    case commandWords
    case settings
    /// Asks a model about a picture of the student's.
    case predict
}

/// Where a movement key goes in a list or a text.
package enum Movement: Sendable, Hashable {
    case up
    case down
    case left
    case right
    case top
    case bottom
    case pageUp
    case pageDown
}

/// When a command is available.
package enum Availability: Sendable {
    case always
    /// A task is selected and nothing is running.
    case idle
    case running
    /// The student writes a file in this task.
    case hasFile
    case hasHints
    case hasCommand
    case inOutput
    case searching
    /// Always available, but never shown in the key bar.
    case quiet
}

/// A command with its keys and its words. The help, the key bar and the documentation are made from these.
package struct Binding: Sendable, Equatable {
    package var keys: [Key]
    package var command: Command
    /// The name in the palette.
    package var name: String
    /// The word in the key bar.
    package var label: Text
    /// The sentence in the help and the documentation.
    package var help: Text
    package var when: Availability

    package init(_ keys: [Key], _ command: Command, _ name: String, _ label: Text, _ help: Text, _ when: Availability = .quiet) {
        self.keys = keys
        self.command = command
        self.name = name
        self.label = label
        self.help = help
        self.when = when
    }
}
