package import Diagnosis
import HTTPTransport
package import LabFile
package import LabRunner
package import LabSupport

/// Runs one remedy that a person chose, and then the task again: that run shows whether it cured.
package struct TaskCure: Sendable {
    /// What follows the commands.
    package enum Next: Sendable {
        case launched(LaunchedRun)
        /// The commands count from the next login on.
        case login
        /// A command failed.
        case failed(LabError)
    }

    /// What follows, and the environment as the commands left it.
    package struct Result: Sendable {
        package var next: Next
        package var environment: [String: String]
    }

    private let lab: OpenedLab
    private let task: TaskID
    private let plan: RemedyPlan

    /// Plans it. Throws `cure.refused` for what isn't run without naming what goes, and for a cure that chooses another workspace than the
    /// one that is shown.
    package init(_ lab: OpenedLab, _ task: TaskID, cause: String, _ remedy: Remedy) async throws {
        let docker = try? await EngineFinder.find(http: CurlHTTPClient.shared, environment: lab.environment).docker
        plan = await RemedyPlanner(environment: lab.environment, docker: docker).plan(remedy, cause: cause)
        guard plan.canRun, plan.removals.isEmpty, !Self.moves(plan) else { throw Self.refused(remedy) }
        self.lab = lab
        self.task = task
    }

    /// Runs the commands, then the task under `options` with what the cure changes of them.
    package func perform(_ options: RunOptions, onEvent: @escaping @Sendable (RemedyRunner.Event) -> Void) async throws -> Result {
        let result = try await RemedyRunner(environment: lab.environment).perform(plan, onEvent: onEvent)
        ProcessEnvironment.change(from: lab.environment, to: result.environment)
        let next: Next
        switch result.outcome {
        case .failed(let error): next = .failed(error)
        case .afterLogin: next = .login
        case .cured, .notCured:
            var options = options.after(plan)
            options.terminal = options.terminal && !options.auto
            do {
                next = .launched(try lab.moved(to: result.environment).launch(task.description, options))
            } catch {
                next = .failed(LabError(describing: error))
            }
        }
        return Result(next: next, environment: result.environment)
    }

    /// The walkthrough shows one workspace. A cure that chooses another one needs a new walkthrough.
    private static func moves(_ plan: RemedyPlan) -> Bool { plan.commands.contains { $0.hasPrefix("export AILAB_HOME=") } }

    private static func refused(_ remedy: Remedy) -> LabError {
        let typed = remedy.shown.joined(separator: "; ")
        return LabError(
            .cureRefused, Text(en: "The walkthrough can't apply this cure.", zh: "此解决办法不能在此界面执行。"),
            hint: Text(en: "Type it in a shell: \(typed)", zh: "请在 shell 中输入：\(typed)"))
    }
}
