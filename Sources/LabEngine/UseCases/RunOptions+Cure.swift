package import Diagnosis
package import LabRunner

extension RunOptions {
    /// The options of the run that proves a cure: those of the run that failed, changed as the cure says.
    package func after(_ plan: RemedyPlan) -> RunOptions {
        var options = self
        if let retry = plan.retry { options.apply(retry) }
        options.cure = CarriedCure(plan)
        return options
    }
}
