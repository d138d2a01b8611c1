package import LabSupport

/// The result of a diagnosis: a cause, the line that proves it, and the cures.
package struct Finding: Sendable, Hashable, Codable {
    /// A line that proves a finding.
    package struct Evidence: Sendable, Hashable, Codable {
        /// The line's number in the original text, from 1.
        package var line: Int
        package var text: String

        package init(line: Int, text: String) {
            self.line = line
            self.text = text
        }
    }

    /// The id of a failure that no rule explains.
    package static let unknown = "unknown"

    /// The id of the cause, or `unknown`.
    package var cause: String
    package var title: Text
    package var why: Text
    /// Nil if the finding comes only from a code.
    package var evidence: Evidence?
    /// More lines that belong to the evidence, such as the failing instruction of a build.
    package var detail: [Evidence]
    package var remedies: [Remedy]
    package var strength: Symptom.Strength
    /// True if another finding causes this one.
    package var isConsequence: Bool

    package init(
        cause: String, title: Text, why: Text, evidence: Evidence?, detail: [Evidence] = [], remedies: [Remedy],
        strength: Symptom.Strength = .sure,
        isConsequence: Bool = false
    ) {
        self.cause = cause
        self.title = title
        self.why = why
        self.evidence = evidence
        self.detail = detail
        self.remedies = remedies
        self.strength = strength
        self.isConsequence = isConsequence
    }

    /// It names a place in a file that a person mends, whatever else was found.
    package var isOfFile: Bool { evidence != nil && !isConsequence && !remedies.isEmpty && remedies.allSatisfy { $0.place == .file } }
}
