package import Diagnosis
package import LabSupport

/// A remedy that ailab applied, as it was shown.
package struct CarriedCure: Sendable, Equatable, Codable {
    /// The id of the cause that it cures.
    package var cause: String
    package var text: Text
    package var commands: [String]

    package init(cause: String, text: Text, commands: [String]) {
        self.cause = cause
        self.text = text
        self.commands = commands
    }
}

extension CarriedCure {
    /// The commands as they were shown, and the step if the cure is to run it in a different way.
    package init(_ plan: RemedyPlan) {
        let again = plan.retry.map { [$0.command] } ?? []
        self.init(cause: plan.cause, text: plan.remedy.text, commands: plan.commands + again)
    }
}
