import HTTPTransport

/// A wait that the engine has registered, so it sees every end from now on.
package struct ContainerWait: Sendable {
    let body: HTTPBodyStream
    let operation: DockerOperation

    /// The exit code, when there is one.
    package func exitCode() async throws -> Int {
        let bytes = try await body.collect(limit: 1 << 20)
        // An engine that shuts down ends its responses normally but without a body.
        guard !bytes.isEmpty else { throw TransportError(kind: .reset, detail: "the engine ended the wait without a response") }
        let answer = try DockerClient.decode(Answer.self, bytes, place: "wait")
        if let message = answer.problem?.message, !message.isEmpty { throw DockerError(operation: operation, message: message) }
        return answer.exitCode
    }

    private struct Answer: Decodable {
        var exitCode: Int
        var problem: Problem?

        struct Problem: Decodable {
            var message: String?

            private enum CodingKeys: String, CodingKey { case message = "Message" }
        }

        private enum CodingKeys: String, CodingKey {
            case exitCode = "StatusCode"
            case problem = "Error"
        }
    }
}
