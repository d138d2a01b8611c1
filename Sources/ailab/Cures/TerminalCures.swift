import Diagnosis
import LabEngine
import LabSupport

/// Shows cures on the terminal and asks about them; with `--json`, as objects, and nobody is asked.
struct TerminalCures: CureDialogue {
    /// Everything was agreed to beforehand.
    let yes: Bool
    let isJSON: Bool
    private let hasToldUnasked = Locked(false)
    private let words = Words(language: Console.language)

    init(yes: Bool, isJSON: Bool) {
        self.yes = yes
        self.isJSON = isJSON
    }

    func begin(_ title: Text, id: String) {
        if !isJSON { Console.error("\n" + title.labelled(id)[Console.language]) }
    }

    func agrees(to plan: RemedyPlan) -> Bool {
        if yes && !plan.mustAsk { return true }
        guard Console.inputIsTerminal, Console.errorIsTerminal, !isJSON else {
            // That nobody can be asked holds for all of them.
            let isTold = hasToldUnasked.withLock { $0 }
            if plan.mustAsk || !isTold { Console.error(isJSON ? words.cureUnasked(plan) : "! " + words.cureUnasked(plan)) }
            if !plan.mustAsk { hasToldUnasked.withLock { $0 = true } }
            return false
        }
        return Console.ask(words.mayCure)
    }

    func show(_ plan: RemedyPlan) {
        if isJSON { return Console.output(json("curePlanned", plan)) }
        words.curePlan(plan).forEach { Console.error($0) }
    }

    func leave(_ plan: RemedyPlan) {
        if isJSON { return Console.output(json("cureLeft", plan, reason: words.obstacle(plan))) }
        Console.error("· \(plan.remedy.text[words.language]) — \(words.obstacle(plan))")
    }

    func tell(_ event: RemedyRunner.Event) {
        guard !isJSON else { return Console.output(words.json(event)) }
        Console.error("  " + words.cure(event))
    }

    func end(_ outcome: RemedyRunner.Outcome, of plan: RemedyPlan) {
        if isJSON { return Console.output(json("cureEnded", plan, outcome: words.name(of: outcome))) }
        Console.error(words.cureEnded(outcome))
        if case .failed(let error) = outcome { ErrorPrinter.print(error) }
    }

    func interruptible<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await Interrupts.cancelling(work)
    }

    private func json(_ type: String, _ plan: RemedyPlan, reason: String? = nil, outcome: String? = nil) -> String {
        JSONText.line(
            PlanJSON(type: type, cause: plan.cause, remedy: RemedyJSON(plan.remedy, words.language), reason: reason, outcome: outcome))
    }

    /// Only the members of its type exist.
    private struct PlanJSON: Encodable {
        var type: String
        var cause: String
        var remedy: RemedyJSON
        var reason: String?
        var outcome: String?
    }
}
