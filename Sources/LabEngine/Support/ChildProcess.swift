package import CSystem
import Glibc

/// Runs a program to its end without blocking a thread of the pool.
///
/// The child leads a session of its own, so that cancelling kills everything it started, and a terminal's Ctrl-C reaches only ailab,
/// which then decides.
package enum ChildProcess {
    /// Starts the program, hands over its lines as they come (on a thread of the child's own), and waits for its end.
    ///
    /// Cancellation ends the whole group: SIGTERM, and SIGKILL two seconds later; then `CancellationError` is thrown.
    package static func run(
        _ command: ChildCommand, onLine: @escaping @Sendable (ChildLine) -> Void = { _ in }
    ) async throws -> ChildResult {
        try Task.checkCancellation()
        let child = try RunningChild(command, onLine: onLine)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                child.follow { continuation.resume(returning: $0) }
            }
        } onCancel: {
            child.cancel()
        }
        try Task.checkCancellation()
        return result
    }
}

/// Spawning, with the pointers that C wants.
package enum ChildSpawn {
    /// Starts a program as the leader of a new session; returns its pid. Throws `LabError` `child.spawn`.
    package static func session(_ command: ChildCommand, input: Int32, output: Int32, error: Int32) throws -> pid_t {
        var pid: pid_t = 0
        let variables = command.environment.map { "\($0.key)=\($0.value)" }.sorted()
        let code = withCStrings([command.executable] + command.arguments) { arguments in
            withCStrings(variables) { environment in
                cs_spawn_session(command.executable, arguments, environment, command.directory, input, output, error, &pid)
            }
        }
        guard code == 0 else {
            throw LabError(
                "child.spawn",
                Text(en: "The program \(command.executable) could not be started.", zh: "无法启动程序 \(command.executable)。"),
                cause: String(cString: strerror(code)), errno: code)
        }
        return pid
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { buffer in
            // The list ends with nil, so it is never empty and always has an address.
            guard let base = buffer.baseAddress else { preconditionFailure("an array of at least one element has an address") }
            return body(base)
        }
    }
}
