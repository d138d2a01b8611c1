/// What this room knows about one kind of action. Each kind answers all of it in its own file of `Actions/`. Nothing here has a default, so
/// the compiler names every answer that a new kind lacks.
protocol LabActionKind: Templated, Sendable {
    /// Its key under `action:`.
    static var key: String { get }

    /// Reads the value of the key.
    init(_ value: LabValue)

    /// The case that carries it.
    var action: LabAction { get }

    /// What it relies on. `path` is the place of the key's value.
    func uses(at path: LabPath) -> [LabUse]

    /// What exists once it is done.
    func makes(in spec: LabSpec) -> [LabUse.Subject]

    /// Reports what is wrong with its values beyond what `uses` covers. `path` is the place of the key's value.
    func check(with rules: LabSpecRules, at path: LabPath)

    /// What of the machine it depends on.
    var concerns: [LabConcern] { get }

    /// The container that it starts; nil if it starts none.
    var startedContainer: LabContainer? { get }

    /// False if it only looks at something, or leaves what it made to the student. Such a task needs no checks, and its record decides
    /// nothing for the tasks after it.
    var hasResult: Bool { get }

    /// Files that a front end shows beside the task.
    var exhibits: [LabExhibit] { get }

    /// True if the student works at a terminal in its container.
    var isInteractive: Bool { get }
}
