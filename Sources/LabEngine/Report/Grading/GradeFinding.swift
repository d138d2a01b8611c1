package import LabSupport

/// Something about a submitted report that the person who marks it should look at.
package struct GradeFinding: Sendable, Equatable {
    /// What was found. docs/grading.md lists them.
    package enum Code: String, Sendable, CaseIterable {
        /// The report's text was changed after ailab wrote it.
        case sealBroken = "seal.broken"
        /// The report has no seal.
        case sealMissing = "seal.missing"
        /// The page shows something else than the report inside says.
        case pageChanged = "page.changed"
        /// A line of a journal doesn't follow the line before it.
        case chainBroken = "chain.broken"
        /// The journals have no chain.
        case chainMissing = "chain.missing"
        /// Runs or lines of journals are missing.
        case recordsMissing = "records.missing"
        /// Another report has the same evidence.
        case evidenceTwice = "evidence.twice"
        /// The same workspace was submitted again under the same name.
        case submittedTwice = "submitted.twice"
        /// A time lies before a time that must be earlier.
        case clockBackwards = "clock.backwards"
        /// Parts of the report contradict each other.
        case partsDiffer = "parts.differ"
        /// The values of the lab's variables aren't those of this name.
        case valuesDiffer = "values.differ"
        /// Other files of the lab than most reports.
        case labDiffers = "lab.differs"
    }

    package var code: Code
    package var text: Text

    package init(_ code: Code, _ text: Text) {
        self.code = code
        self.text = text
    }

    init(_ code: Code, en: String, zh: String) { self.init(code, Text(en: en, zh: zh)) }
}
