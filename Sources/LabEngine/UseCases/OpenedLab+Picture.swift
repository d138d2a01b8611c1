package import LabRunner

extension OpenedLab {
    /// Asks a model of a running server about a picture. Nothing is recorded, because no task is done with it.
    package func predict(
        _ bytes: [UInt8], named name: String, server: String, model: String, timeout: Int, options: RunOptions
    ) async throws -> Prediction {
        let inspection = try await inspection(progress, options: options)
        return try await CheckEvaluator(run: inspection.run).ask(server, model, picture: name, bytes: bytes, timeout: timeout)
    }
}
