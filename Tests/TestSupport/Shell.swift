import CSystem
import Glibc

/// Commands that a test needs from the machine.
package enum Shell {
    /// A command that runs until it is stopped.
    package struct Running: Sendable {
        package let pid: Int32

        /// Ends it with everything it started, and waits.
        package func stop() {
            kill(-pid, SIGKILL)
            _ = wait()
        }

        fileprivate func wait() -> Int32 {
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            return cs_exit_code(status)
        }
    }

    /// Whether the command is on the path.
    package static func has(_ command: String) -> Bool {
        (try? run("command -v \(command)", in: "/")) == 0
    }

    /// Runs a script to its end and returns its exit code. Its output goes nowhere.
    package static func run(_ script: String, in folder: String) throws -> Int32 {
        try start(script, in: folder).wait()
    }

    /// Starts a script as the leader of a session of its own.
    package static func start(_ script: String, in folder: String) throws -> Running {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(script), nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let result = cs_spawn_session("/bin/sh", &arguments, environ, folder, null, null, null, &pid)
        guard result == 0 else { throw SystemFailure(call: "posix_spawn", number: result) }
        return Running(pid: pid)
    }
}
