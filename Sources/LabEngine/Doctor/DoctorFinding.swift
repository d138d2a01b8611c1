package import Diagnosis
package import LabFile
package import LabSupport

/// A problem with the machine: its cause as the diagnosis names it, the evidence, the cures and the tasks that it blocks.
package struct DoctorFinding: Sendable, Equatable {
    /// The id of the cause. The diagnosis of outputs uses the same ids.
    package var cause: String
    package var title: Text
    package var why: Text
    /// What the probe saw, one line each.
    package var evidence: [Text]
    package var remedies: [Remedy]
    /// The tasks of the lab that can't run until this is cured. If it's empty, the finding is advice.
    package var blocks: [TaskID]
    /// If one of these causes is found, too, this one is only a consequence of it.
    package var after: [String]

    package init(
        cause: String, title: Text, why: Text, evidence: [Text], remedies: [Remedy], blocks: [TaskID], after: [String]
    ) {
        self.cause = cause
        self.title = title
        self.why = why
        self.evidence = evidence
        self.remedies = remedies
        self.blocks = blocks
        self.after = after
    }
}
