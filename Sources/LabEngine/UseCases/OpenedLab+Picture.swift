import LabFile
package import LabRunner
import LabSupport

extension OpenedLab {
    /// Asks a model of a running server about a picture. Nothing is recorded, because no task is done with it.
    package func predict(
        _ bytes: [UInt8], named name: String, server: String, model: String, timeout: Int, options: RunOptions
    ) async throws -> Prediction {
        let inspection = try await inspection(progress, options: options)
        do {
            return try await CheckEvaluator(run: inspection.run).ask(server, model, picture: name, bytes: bytes, timeout: timeout)
        } catch var failure as LabError where failure.code == .torchserveUnreachable || failure.code == .torchserveModelNotFound {
            // After the lab, its last sub-step has stopped the server.
            if let task = lastQuestion(to: model, server) { failure.hint = LabModelLoad.startHint(options.commandAgain(task)) }
            throw failure
        }
    }

    /// The last task that asks the model something. It brings back the server and the model.
    private func lastQuestion(to model: String, _ server: String) -> TaskID? {
        spec.tasks.last { task in
            if case .predict(let action) = task.action { action.server == server && action.model == model } else { false }
        }?.id
    }
}
