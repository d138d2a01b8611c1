import Diagnosis
import HTTPTransport
import LabFile
import LabRunner
import LabSupport

extension LiveServices {
    /// Carries a remedy out, telling each command, and then the task again: that is the look whether it cured.
    func cure(_ task: TaskID, _ cause: String, _ remedy: Remedy, _ send: Services.Send) async throws {
        let docker = try? await EngineFinder.find(http: CurlHTTPClient.shared, environment: environment).docker
        let plan = await RemedyPlanner(environment: environment, docker: docker).plan(remedy, cause: cause)
        guard plan.canRun, plan.removals.isEmpty, !Self.moves(plan) else { throw Self.refused(remedy) }
        let (events, post) = AsyncStream.makeStream(of: RemedyRunner.Event.self)
        let runner = RemedyRunner(environment: environment)
        async let ending = Self.carryOut(plan, runner, post)
        for await event in events {
            // The last line has room for one; what a command prints would hide it.
            if case .output = event { continue }
            send(.said(event.text))
        }
        let result = try await ending
        surroundings.withLock { $0 = result.environment }
        switch result.outcome {
        case .failed(let error): throw error
        case .afterLogin:
            send(.said(Text(en: "Done; it counts from your next login on. Log out and in again.", zh: "已执行；下次登录后生效，请注销并重新登录。")))
        case .cured, .notCured:
            var options = asked()
            if let words = plan.retry { options.merge(stepArguments: words) }
            options.cure = CarriedCure(plan)
            try launch(task.description, options.auto, options.force, options, send)
        }
    }

    /// The walkthrough shows one workspace: one that goes elsewhere has to be begun anew.
    private static func moves(_ plan: RemedyPlan) -> Bool { plan.commands.contains { $0.hasPrefix("export AILAB_HOME=") } }

    private static func carryOut(
        _ plan: RemedyPlan, _ runner: RemedyRunner, _ post: AsyncStream<RemedyRunner.Event>.Continuation
    ) async throws -> RemedyRunner.Result {
        defer { post.finish() }
        return try await runner.carryOut(plan) { post.yield($0) }
    }

    private static func refused(_ remedy: Remedy) -> LabError {
        LabError(
            "cure.refused", Text(en: "This cure is not one that the walkthrough carries out.", zh: "此处理方法不能在此界面执行。"),
            hint: Text(
                en: "Type it in a shell: \(remedy.commands.joined(separator: "; "))",
                zh: "请在 shell 中输入：\(remedy.commands.joined(separator: "; "))"))
    }
}
