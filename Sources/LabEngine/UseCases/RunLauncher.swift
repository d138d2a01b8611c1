import CSystem
import Glibc
package import LabRunner
import LabSupport

/// Starts the runner as a process of its own, so that closing the terminal ends the watching and not the work.
package enum RunLauncher {
    /// The hidden subcommand that the program answers with `RunnerProcess.main`.
    package static let subcommand = "__run"

    /// A backtrace that waits for a key would wait for ever: nobody sits before a runner.
    private static let quietBacktrace = "interactive=no,color=no"

    /// Starts this program again as the leader of a new session, with these variables or else with its own. Returns its process id.
    package static func launch(_ request: RunRequest, folder: RunFolder, environment: [String: String]? = nil) throws -> Int32 {
        try request.write(to: folder)
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        let log = open(folder.runnerLog, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer {
            close(null)
            close(log)
        }
        guard null >= 0, log >= 0 else { throw Files.error(errno, folder.runnerLog) }
        guard let program = executablePath else { throw Files.error(ENOENT, "/proc/self/exe") }
        if var environment {
            environment["SWIFT_BACKTRACE"] = environment["SWIFT_BACKTRACE"] ?? quietBacktrace
            let command = ChildCommand(program, [subcommand, folder.request], environment: environment, timeout: nil)
            return try ChildSpawn.session(command, input: null, output: log, error: log)
        }
        var arguments: [UnsafeMutablePointer<CChar>?] = [program, subcommand, folder.request].map { (text: String) in strdup(text) }
        arguments.append(nil)
        defer { arguments.forEach { free($0) } }
        setenv("SWIFT_BACKTRACE", quietBacktrace, 0)
        var pid: pid_t = 0
        let failed = cs_spawn_session(program, &arguments, environ, nil, null, log, log, &pid)
        guard failed == 0 else { throw Files.error(failed, program) }
        return pid
    }

    /// The running program's file.
    package static var executablePath: String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        return count > 0 ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
