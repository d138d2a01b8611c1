import Diagnosis
package import Doctor

/// Cures what the doctor found: the root first, and behind each cure the very check that failed once more.
package struct MachineFix<Dialogue: CureDialogue> {
    private let dialogue: Dialogue

    package init(dialogue: Dialogue) { self.dialogue = dialogue }

    /// Returns the machine as it is to be examined afterwards: in the environment that the cures left.
    package func fix(_ report: DoctorReport, _ examination: Examination) async throws -> Examination {
        var session = CureSession(dialogue: dialogue, environment: examination.environment)
        for result in report.findings {
            guard let finding = result.finding else { continue }
            // An earlier cure may have removed the reason of this one, too.
            let now = examination.with(environment: session.environment)
            guard await now.check(result.id)?.finding != nil else { continue }
            dialogue.begin(finding.title, id: result.id)
            let docker = try? await now.connect()
            let id = result.id
            _ = try await session.cure(finding.cause, finding.remedies, docker: docker, runsSteps: false) { _, environment in
                guard let again = await examination.with(environment: environment).check(id) else { return false }
                return again.finding == nil && again.standing != .undecided && again.standing != .hidden
            }
        }
        return examination.with(environment: session.environment)
    }
}
