/// A program to run. It inherits nothing: every value is given here.
package struct ChildCommand: Sendable, Equatable {
    /// Absolute path of the program.
    package var executable: String
    /// The arguments after the program's name.
    package var arguments: [String]
    package var environment: [String: String]
    /// The working directory, or nil for this process's own.
    package var directory: String?
    /// How long the program may run. Use nil only if something else is sure to end it.
    package var timeout: Duration?
    /// Whether it's killed if this program leaves before it has ended. See `ChildProcess.killDependents`.
    package var dependsOnProgram = false

    package init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String], directory: String? = nil, timeout: Duration?
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.timeout = timeout
    }
}
