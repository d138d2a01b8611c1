import Diagnosis
import LabEngine
import LabFile
import LabRunner
import LabSupport

extension LiveServices {
    /// Applies a remedy and reports each command. Then it runs the task again, which shows whether the remedy worked.
    func cure(_ task: TaskID, _ cause: String, _ remedy: Remedy, _ send: Services.Send) async throws {
        let cure = try await TaskCure(opened(), task, cause: cause, remedy)
        let (events, post) = AsyncStream.makeStream(of: RemedyRunner.Event.self)
        async let ending = perform(cure, post)
        for await event in events {
            // The last line can show only one of them, and a command's output would hide the command.
            if case .output = event { continue }
            send(.said(event.text))
        }
        let result = try await ending
        surroundings.withLock { $0 = result.environment }
        switch result.next {
        case .failed(let error): throw error
        case .login:
            send(.said(Text(en: "Applied. Log out and in again for it to take effect.", zh: "已执行；下次登录后生效，请注销并重新登录。")))
        case .launched(let run):
            run.release()
            send(.launched(run: run.folder.number))
        }
    }

    private func perform(_ cure: TaskCure, _ post: AsyncStream<RemedyRunner.Event>.Continuation) async throws -> TaskCure.Result {
        defer { post.finish() }
        return try await cure.perform(launching(asked())) { post.yield($0) }
    }
}
