import FoundationEssentials

/// The engine refused: with a status other than 2xx, or with an error inside a stream that began with 200.
package struct DockerError: Error, Sendable, Equatable {
    /// The operation that failed.
    package var operation: DockerOperation
    /// The HTTP status. Nil for an error inside a stream.
    package var status: Int?
    /// The engine's words.
    package var message: String
    /// The exit code of the instruction that made a build fail.
    package var exitCode: Int?
    /// The build step that failed, as written in the Dockerfile.
    package var instruction: String?
    /// The number of that step, from 1.
    package var step: Int?
    /// The beginning of the response's body, unchanged.
    package var raw: [UInt8]

    package init(
        operation: DockerOperation, status: Int? = nil, message: String, exitCode: Int? = nil, instruction: String? = nil, raw: [UInt8] = []
    ) {
        self.operation = operation
        self.status = status
        self.message = message
        self.exitCode = exitCode
        self.instruction = instruction
        self.raw = raw
    }

    /// Reads the message from `{"message": …}` (Podman adds `cause` and `response`). A body without JSON is itself the message.
    package init(operation: DockerOperation, status: Int, body: [UInt8]) {
        let said = (try? JSONDecoder().decode(Body.self, from: Data(body)))?.message
        let text = said ?? String(decoding: body.prefix(4096), as: UTF8.self)
        self.init(operation: operation, status: status, message: text.trimmingWhitespace(), raw: body)
    }

    private struct Body: Decodable { var message: String? }
}

extension DockerError: CustomStringConvertible {
    package var description: String { "\(operation): \(status.map { "\($0) " } ?? "")\(message)" }
}
