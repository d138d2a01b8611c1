import LabSupport

/// Journals of earlier versions. They are translated while they are read, so that nothing else needs to know them.
///
/// Those versions recorded a skip or a reset as a run without tasks: a start without a version, one event, and an end. A skip was a fact
/// with a special name.
extension EventPayload {
    private static let skipped = "task.skipped"
    private static let unskipped = "task.taken-up"

    /// A fact, or the event that replaces it.
    init(fact: Fact) {
        switch fact.name {
        case Self.skipped: self = .taskSkipped(TaskSkipped())
        case Self.unskipped: self = .taskUnskipped(TaskUnskipped())
        default: self = .fact(fact)
        }
    }
}

extension RunStarted {
    /// True for an earlier version's record of a skip or a reset. No task ran, and real runs have always recorded the version.
    package var isMark: Bool { version.isEmpty }
}
