import LabSupport

/// What earlier versions wrote in another form. It is translated as a journal is read, so that nothing else has to know.
///
/// They recorded a skip or a reset as a run of its own that ran nothing: a beginning without a version, one event, an end. A skip was a
/// fact of a certain name.
extension EventPayload {
    private static let skipped = "task.skipped"
    private static let unskipped = "task.taken-up"

    /// A fact, or the event that takes its place.
    init(fact: Fact) {
        switch fact.name {
        case Self.skipped: self = .taskSkipped(TaskSkipped())
        case Self.unskipped: self = .taskUnskipped(TaskUnskipped())
        default: self = .fact(fact)
        }
    }
}

extension RunStarted {
    /// True for an earlier version's record of a skip or a reset: nothing was run. Whatever runs something has always said its version.
    package var isMark: Bool { version.isEmpty }
}
