import Diagnosis
import LabEngine
import LabFile
import LabRunner
import LabSupport

extension LiveServices {
    /// Applies a remedy and reports each command. Then it runs the task again, which shows whether the remedy worked.
    func cure(_ task: TaskID, _ cause: String, _ remedy: Remedy, _ send: Services.Send) async throws {
        let cure = Cure(environment: environment)
        guard let plan = await cure.plans([remedy], cause: cause).first, plan.canRun, plan.removals.isEmpty, !Self.moves(plan) else {
            throw Self.refused(remedy)
        }
        let (events, post) = AsyncStream.makeStream(of: RemedyRunner.Event.self)
        async let ending = Self.run(plan, cure, post)
        for await event in events {
            // The last line can show only one of them, and a command's output would hide the command.
            if case .output = event { continue }
            send(.said(event.text))
        }
        let result = try await ending
        surroundings.withLock { $0 = result.environment }
        switch result.outcome {
        case .failed(let error): throw error
        case .afterLogin:
            send(.said(Text(en: "Applied. Log out and in again for it to take effect.", zh: "已执行；下次登录后生效，请注销并重新登录。")))
        case .cured, .notCured:
            let options = Cure.options(asked(), after: plan)
            try launch(task.description, options.auto, options.force, options, send)
        }
    }

    /// The walkthrough shows one workspace. For a remedy that moves it, the student has to start ailab again.
    private static func moves(_ plan: RemedyPlan) -> Bool { plan.commands.contains { $0.hasPrefix("export AILAB_HOME=") } }

    private static func run(
        _ plan: RemedyPlan, _ cure: Cure, _ post: AsyncStream<RemedyRunner.Event>.Continuation
    ) async throws -> RemedyRunner.Result {
        defer { post.finish() }
        return try await cure.run(plan) { post.yield($0) }
    }

    private static func refused(_ remedy: Remedy) -> LabError {
        LabError(
            "cure.refused", Text(en: "The walkthrough can't apply this cure.", zh: "此处理方法不能在此界面执行。"),
            hint: Text(
                en: "Type it in a shell: \(remedy.shown.joined(separator: "; "))",
                zh: "请在 shell 中输入：\(remedy.shown.joined(separator: "; "))"))
    }
}
