import Glibc
import LabRunner
import LabSupport

/// Starts the runner as a process of its own, so that closing the terminal ends the watching and not the work.
package enum RunLauncher {
    /// The hidden subcommand that the program answers with `RunnerProcess.main`.
    package static let subcommand = "__run"

    /// A backtrace that waits for a key would wait forever: nobody sits in front of a runner.
    private static let quietBacktrace = "interactive=no,color=no"

    /// Starts this program again as the leader of a new session. Returns its process id.
    static func launch(_ request: RunRequest, folder: RunFolder, environment: [String: String]) throws -> Int32 {
        try request.write(to: folder)
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        guard null >= 0 else { throw Files.error(errno, "/dev/null") }
        let log = try Files.openRegular(folder.runnerLog, O_WRONLY | O_CREAT | O_APPEND)
        defer { close(log) }
        guard let program = OwnProgram.executable else { throw Files.error(ENOENT, "/proc/self/exe") }
        var environment = environment
        environment["SWIFT_BACKTRACE"] = environment["SWIFT_BACKTRACE"] ?? quietBacktrace
        let command = ChildCommand(program, [subcommand, folder.request], environment: environment, timeout: nil)
        return try ChildSpawn.session(command, input: null, output: log, error: log)
    }
}
