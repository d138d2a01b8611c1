/// Everything that this room knows about one kind of action. Each kind has its own file in `Actions/`. Nothing here has a default, so the
/// compiler finds what a new kind lacks.
protocol LabActionKind: Templated, Sendable {
    /// Its key under `action:`.
    static var key: String { get }

    /// Decodes the value of the key.
    init(_ value: LabValue)

    /// The case that holds it.
    var action: LabAction { get }

    /// Everything that it relies on. `path` is the place of the key's value.
    func uses(at path: LabPath) -> [LabUse]

    /// Everything that exists once it's done.
    func makes(in spec: LabSpec) -> [LabUse.Subject]

    /// Reports mistakes in its values that `uses` doesn't cover. `path` is the place of the key's value.
    func check(with rules: LabSpecRules, at path: LabPath)

    /// The parts of the machine that it depends on.
    var concerns: [LabConcern] { get }

    /// The container that it starts. Nil if it starts none.
    var startedContainer: LabContainer? { get }

    /// False if it only reads facts, or leaves the result to the student. Such a task needs no checks, and the tasks after it don't depend
    /// on its record.
    var hasResult: Bool { get }

    /// Files that a front end shows beside the task.
    var exhibits: [LabExhibit] { get }

    /// True if the student works at a terminal in its container.
    var isInteractive: Bool { get }
}
