/// Reads the stream of a pull. Throws an error that the stream contains.
package struct PullInterpreter: LineInterpreter {
    private let operation: DockerOperation

    init(_ operation: DockerOperation) { self.operation = operation }

    package mutating func read(_ line: ProgressLine) throws -> [PullEvent] {
        if let failure = line.failure(operation) { throw failure }
        return line.pullEvent.map { [$0] } ?? []
    }
}
