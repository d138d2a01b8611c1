package import CSystem
import Glibc

/// Spawns a process: builds the C arrays that the system call needs.
package enum ChildSpawn {
    /// Starts a program as the leader of a new session and returns its pid. Throws `LabError` `child.spawn`.
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
                .childSpawn,
                Text(en: "Cannot start the program \(command.executable).", zh: "无法启动程序 \(command.executable)。"),
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
            guard let base = buffer.baseAddress else { preconditionFailure("a non-empty array has an address") }
            return body(base)
        }
    }
}
