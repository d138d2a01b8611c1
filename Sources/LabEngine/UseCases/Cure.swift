package import ContainerEngine
package import Diagnosis
import HTTPTransport
package import LabRunner
import LabSupport

/// Applies remedies: plans them for this machine and runs a plan that a person agreed to. Who asks, and how it's shown, is the front end's.
package struct Cure: Sendable {
    /// The variables as earlier cures left them.
    package let environment: [String: String]

    package init(environment: [String: String]) { self.environment = environment }

    /// What each remedy of a cause would do here, in their order. `docker` names what a removal would remove; without it, the engine that
    /// answers is asked.
    package func plans(_ remedies: [Remedy], cause: String, docker: DockerClient? = nil) async -> [RemedyPlan] {
        var client = docker
        if client == nil { client = try? await EngineFinder.find(http: CurlHTTPClient.shared, environment: environment).docker }
        return await RemedyPlanner(environment: environment, docker: client).plans(remedies, cause: cause)
    }

    /// Runs a plan's commands. `cured` means that all of them went well: whether what failed holds now is for the caller to look at.
    package func run(
        _ plan: RemedyPlan, onEvent: @escaping @Sendable (RemedyRunner.Event) -> Void
    ) async throws -> RemedyRunner.Result {
        try await RemedyRunner(environment: environment).carryOut(plan, onEvent: onEvent)
    }

    /// The options of the run that proves the cure: those of the failed run, changed as the cure says.
    package static func options(_ failed: RunOptions, after plan: RemedyPlan) -> RunOptions {
        var options = failed
        if let retry = plan.retry { options.apply(retry) }
        options.cure = CarriedCure(plan)
        return options
    }
}
