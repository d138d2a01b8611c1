/// A started program's current state, or how it ended.
package struct ExecState: Decodable, Sendable, Equatable {
    package var isRunning: Bool
    /// Nil while the program runs.
    package var exitCode: Int?
    package var pid: Int?

    private enum CodingKeys: String, CodingKey {
        case isRunning = "Running"
        case exitCode = "ExitCode"
        case pid = "Pid"
    }
}
