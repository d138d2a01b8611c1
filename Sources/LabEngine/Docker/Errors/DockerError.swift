import FoundationEssentials

/// What was asked of the engine. An answer's status means different things to different questions: 404 on `create` is a missing
/// image, on `start` a missing container.
package enum DockerOperation: Sendable, Equatable {
    case engine(String)
    case image(String, verb: String)
    case pull(String)
    case build(String)
    case create(image: String, name: String?)
    case start(String)
    case container(String, verb: String)
    case exec(container: String)
    case archive(container: String, path: String)
}

/// The engine said no: by a status other than 2xx, or by an error inside a stream that had begun with 200.
package struct DockerError: Error, Sendable, Equatable {
    /// What was asked.
    package var operation: DockerOperation
    /// The HTTP status; nil for an error inside a stream.
    package var status: Int?
    /// The engine's words.
    package var message: String
    /// The exit code of the instruction that ended a build.
    package var exitCode: Int?
    /// The step of a build that failed, as the Dockerfile has it.
    package var instruction: String?

    package init(
        operation: DockerOperation, status: Int? = nil, message: String, exitCode: Int? = nil, instruction: String? = nil
    ) {
        self.operation = operation
        self.status = status
        self.message = message
        self.exitCode = exitCode
        self.instruction = instruction
    }

    /// Reads the message out of `{"message": …}` (Podman adds `cause` and `response`); a body that is no JSON is the message itself.
    package init(operation: DockerOperation, status: Int, body: [UInt8]) {
        let said = (try? JSONDecoder().decode(Body.self, from: Data(body)))?.message
        let text = said ?? String(decoding: body.prefix(4096), as: UTF8.self)
        self.init(operation: operation, status: status, message: text.trimmingWhitespace())
    }

    private struct Body: Decodable { var message: String? }
}

extension DockerError: CustomStringConvertible {
    package var description: String { "\(operation): \(status.map { "\($0) " } ?? "")\(message)" }
}

/// The engine's bytes were not what its API promises. Says the place, because that is all that helps.
package struct DockerProtocolError: Error, Sendable, Equatable {
    /// What was being read.
    package var place: String
    /// What was wrong with it.
    package var detail: String

    package init(_ place: String, _ detail: String) {
        self.place = place
        self.detail = detail
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    package func trimmingWhitespace() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[first...last])
    }
}
