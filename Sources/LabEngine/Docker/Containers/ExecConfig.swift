/// A program to run inside a running container.
package struct ExecConfig: Sendable, Equatable {
    package var command: [String]
    package var hasTerminal = false
    package var takesInput = false
    package var environment: [String: String] = [:]
    package var user: String?
    package var workingDirectory: String?

    package init(_ command: [String]) { self.command = command }

    struct Wire: Encodable {
        var cmd: [String]
        var tty: Bool
        var attachStdin: Bool
        var attachStdout = true
        var attachStderr = true
        var env: [String]?
        var user: String?
        var workingDir: String?
    }

    var wire: Wire {
        Wire(
            cmd: command, tty: hasTerminal, attachStdin: takesInput,
            env: environment.isEmpty ? nil : environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
            user: user, workingDir: workingDirectory)
    }
}
