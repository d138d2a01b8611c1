package import LabSupport

/// A way out, as it is shown on this machine: its commands are those of this distribution and engine, with what is known filled in.
package struct Remedy: Sendable, Hashable, Codable {
    /// What else it takes.
    package enum Need: String, Sendable, CaseIterable, Codable {
        case root
        case relogin
        case reboot
        /// Somebody else: the machine's owner, an administrator.
        case person
        /// The student's own word, even if everything else was agreed to beforehand: it changes something that others use, too.
        case consent
    }

    /// Where its commands belong.
    package enum Place: String, Sendable, CaseIterable, Codable {
        /// Typed in a shell of this machine.
        case shell
        /// Typed where the command that failed was typed: in that container, or on this machine.
        case there
        /// Lines of a file that a person edits, mostly a Dockerfile.
        case file
    }

    package var text: Text
    /// To be typed as they are, in this order. The last one is the retry's, if there is one. Words of `open` in capitals are to be filled in
    /// first.
    package var commands: [String]
    /// Run the step again in another way, once the commands went well.
    package var retry: Retry?
    package var needs: [Need]
    package var place: Place
    /// The file of the student's that it changes. Nil: none, or nobody knows which.
    package var file: String?
    /// What it changes; nil: it only looks, or a person decides.
    package var changes: Text?
    /// How to take it back, or that it cannot be.
    package var undo: Text?
    /// ailab's own way, which needs nobody's leave: it comes first where it serves.
    package var isOwn: Bool
    /// False where it is for another kind of machine or engine than this one.
    package var applies: Bool
    /// Words in capitals that nobody could fill in.
    package var open: [String]
    /// What was filled in from the words of a program, which may have said anything.
    package var quoted: [String: String]

    package init(
        _ text: Text, commands: [String] = [], retry: Retry? = nil, needs: [Need] = [], place: Place = .shell, file: String? = nil,
        changes: Text? = nil,
        undo: Text? = nil,
        isOwn: Bool = false, applies: Bool = true, open: [String] = [], quoted: [String: String] = [:]
    ) {
        self.text = text
        self.commands = commands + (retry.map { [$0.command] } ?? [])
        self.retry = retry
        self.needs = needs
        self.place = place
        self.file = file
        self.changes = changes
        self.undo = undo
        self.isOwn = isOwn
        self.applies = applies
        self.open = open
        self.quoted = quoted
    }

    /// What a person would type.
    package var shown: [String] { commands }

    /// What is run before the retry.
    package var steps: [String] { retry == nil ? commands : Array(commands.dropLast()) }

    /// Whether `--fix` may run it at all.
    package var isRunnable: Bool { applies && place == .shell && changes != nil && !shown.isEmpty && open.isEmpty && !needsOthers }

    private var needsOthers: Bool { needs.contains(.person) || needs.contains(.reboot) }
}

/// A remedy in the `--json` outputs.
package struct RemedyJSON: Encodable, Sendable {
    private var text: String
    private var commands: [String]
    private var needs: [Remedy.Need]
    private var place: String
    @OrNull private var changes: String?
    @OrNull private var undo: String?
    private var own: Bool
    private var applies: Bool
    private var open: [String]
    private var runnable: Bool

    package init(_ remedy: Remedy, _ language: Language) {
        text = remedy.text[language]
        commands = remedy.shown
        needs = remedy.needs
        place = remedy.place.rawValue
        changes = remedy.changes?[language]
        undo = remedy.undo?[language]
        own = remedy.isOwn
        applies = remedy.applies
        open = remedy.open
        runnable = remedy.isRunnable
    }
}
