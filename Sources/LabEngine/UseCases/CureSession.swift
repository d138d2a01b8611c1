package import ContainerEngine
package import Diagnosis
import LabSupport

/// Tries the remedies of causes with a person. The environment that one cure left counts for the next.
package struct CureSession<Dialogue: CureDialogue> {
    package let dialogue: Dialogue
    package private(set) var environment: [String: String]

    package init(dialogue: Dialogue, environment: [String: String]) {
        self.dialogue = dialogue
        self.environment = environment
    }

    /// Whether a cure helped: the very look that failed, in the environment that the cure left.
    package typealias Look = @Sendable (_ plan: RemedyPlan, _ environment: [String: String]) async throws -> Bool

    /// Tries the remedies of a cause in their order until one cures it. If `runsSteps`, a remedy that runs the step in another way is tried,
    /// too: `look` runs it, as the plan says. Otherwise it is passed over. Returns whether the cause is cured.
    package mutating func cure(
        _ cause: String, _ remedies: [Remedy], docker: DockerClient?, runsSteps: Bool, look: @escaping Look
    ) async throws -> Bool {
        let plans = await RemedyPlanner(environment: environment, docker: docker).plans(remedies, cause: cause)
        for plan in plans where plan.canRun && (plan.retry == nil || runsSteps) {
            dialogue.show(plan)
            guard dialogue.agrees(to: plan) else { continue }
            if try await perform(plan, look) { return true }
        }
        for plan in plans where !plan.canRun { dialogue.leave(plan) }
        return false
    }

    private mutating func perform(_ plan: RemedyPlan, _ look: Look) async throws -> Bool {
        let runner = RemedyRunner(environment: environment)
        let dialogue = dialogue
        var result = try await dialogue.interruptible {
            try await runner.perform(plan) { dialogue.tell($0) }
        }
        ProcessEnvironment.change(from: environment, to: result.environment)
        environment = result.environment
        // A retry tells its own end.
        if plan.retry != nil, result.outcome == .cured { return try await look(plan, environment) }
        // Outside of what is interruptible: a look may be a run, which Ctrl-C asks to cancel by itself.
        if result.outcome == .cured {
            dialogue.tell(.verifying)
            do {
                if try await !look(plan, environment) { result.outcome = .notCured }
            } catch let error as LabError {
                result.outcome = .failed(error)
            }
        }
        dialogue.end(result.outcome, of: plan)
        return result.outcome == .cured
    }
}
