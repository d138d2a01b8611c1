import ContainerEngine
import Diagnosis
import LabEngine
import LabRunner
import LabSupport

/// Carries remedies out with a person: each plan is shown and asked about, its events are printed, and what failed is looked at again.
struct CureSession {
    /// Everything was agreed to beforehand.
    let yes: Bool
    let isJSON: Bool
    private(set) var environment: [String: String]
    private var hasToldUnasked = false
    private let words = Words(language: Console.language)

    init(yes: Bool, isJSON: Bool, environment: [String: String]) {
        self.yes = yes
        self.isJSON = isJSON
        self.environment = environment
    }

    /// Runs the step in the other way that the plan says, in the environment that the cure left. Returns whether that went well.
    typealias Rerun = (_ plan: RemedyPlan, _ environment: [String: String]) async throws -> Bool
    /// The very look that failed, after a cure.
    typealias Verify = @Sendable (_ cure: CarriedCure, _ environment: [String: String]) async throws -> Bool

    /// Tries the remedies of a cause in their order until one cures. `verify` is the very look that failed. Without `rerun`, a remedy
    /// that is another way to run the step is shown, not run. False: nothing cured it.
    mutating func cure(
        _ cause: String, _ remedies: [Remedy], docker: DockerClient? = nil, rerun: Rerun? = nil,
        verify: @escaping Verify
    ) async throws -> Bool {
        let plans = await Cure(environment: environment).plans(remedies, cause: cause, docker: docker)
        for plan in plans where plan.canRun && (plan.retry == nil || rerun != nil) {
            show(plan)
            guard isAgreed(plan) else { continue }
            if try await carryOut(plan, rerun: rerun, verify: verify) { return true }
        }
        for plan in plans where !plan.canRun { tell(plan) }
        return false
    }

    private mutating func carryOut(
        _ plan: RemedyPlan, rerun: Rerun?, verify: @escaping Verify
    ) async throws -> Bool {
        let isRetry = plan.retry != nil
        let before = environment
        let cure = Cure(environment: environment)
        var result = try await Interrupts.cancelling { [self] in
            try await cure.run(plan) { print($0) }
        }
        Self.adopt(result.environment, before)
        environment = result.environment
        // Not within the above: a look may be a run, and Ctrl-C asks its runner to cancel.
        if result.outcome == .cured, !isRetry {
            print(.verifying)
            do {
                if try await !verify(CarriedCure(plan), environment) { result.outcome = .notCured }
            } catch let error as LabError {
                result.outcome = .failed(error)
            }
        }
        if isRetry, result.outcome == .cured, let rerun {
            return try await rerun(plan, environment)
        }
        report(result.outcome, plan)
        return result.outcome == .cured
    }

    /// What `export` and `unset` of a cure did counts for what this program starts.
    private static func adopt(_ new: [String: String], _ old: [String: String]) {
        for name in old.keys where new[name] == nil { Console.unset(name) }
        for (name, value) in new where old[name] != value { Console.set(name, value) }
    }

    private mutating func isAgreed(_ plan: RemedyPlan) -> Bool {
        if yes && !plan.mustAsk { return true }
        guard Console.inputIsTerminal, Console.errorIsTerminal, !isJSON else {
            // That nobody can be asked holds for all of them.
            if plan.mustAsk || !hasToldUnasked { tell(words.cureUnasked(plan)) }
            if !plan.mustAsk { hasToldUnasked = true }
            return false
        }
        return Console.ask(words.mayCure)
    }

    private func show(_ plan: RemedyPlan) {
        if isJSON { return Console.output(json("curePlanned", plan, [])) }
        words.curePlan(plan).forEach { Console.error($0) }
    }

    private func tell(_ plan: RemedyPlan) {
        if isJSON { return Console.output(json("cureLeft", plan, [("reason", .text(words.obstacle(plan)))])) }
        Console.error("· \(plan.remedy.text[words.language]) — \(words.obstacle(plan))")
    }

    private func tell(_ text: String) { Console.error(isJSON ? text : "! " + text) }

    private func report(_ outcome: RemedyRunner.Outcome, _ plan: RemedyPlan) {
        if isJSON { return Console.output(json("cureEnded", plan, [("outcome", .text(words.name(of: outcome)))])) }
        Console.error(words.cureEnded(outcome))
        if case .failed(let error) = outcome { ErrorPrinter.print(error) }
    }

    private func print(_ event: RemedyRunner.Event) {
        guard !isJSON else { return Console.output(words.json(event)) }
        Console.error("  " + words.cure(event))
    }

    private func json(_ type: String, _ plan: RemedyPlan, _ more: [(String, JSONValue)]) -> String {
        JSONText.object(
            [
                ("schema", .number(1)), ("type", .text(type)), ("cause", .text(plan.cause)), ("remedy", plan.remedy.json(words.language)),
            ] + more)
    }
}
