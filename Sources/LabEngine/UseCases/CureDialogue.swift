package import Diagnosis
package import LabSupport

/// The person's side while remedies are tried: a front end shows the plans, asks, and tells what happens.
package protocol CureDialogue: Sendable {
    /// A cause that is about to be cured.
    func begin(_ title: Text, id: String)
    /// What a plan would do.
    func show(_ plan: RemedyPlan)
    /// Whether the plan may be run.
    func agrees(to plan: RemedyPlan) -> Bool
    /// A plan that ailab doesn't run itself.
    func leave(_ plan: RemedyPlan)
    func tell(_ event: RemedyRunner.Event)
    /// What came of a plan.
    func end(_ outcome: RemedyRunner.Outcome, of plan: RemedyPlan)
    /// Does work that the person can interrupt: it is cancelled then, and has put back what it left half done before this throws.
    func interruptible<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result
}
