import CSystem
import Dispatch
import Glibc
import LabSupport

/// The runner: a separate process that performs one run and writes its journal.
package enum RunnerProcess {
    /// Performs the request at `path` and returns the exit code. Throws if it can't have a journal.
    package static func main(requestPath path: String, environment: [String: String], version: String) async throws -> Int32 {
        // A crash must leave more than a run without an end.
        cs_report_crashes(STDERR_FILENO)
        // A file that reaches the shell's limit (`ulimit -f`) must be a failed write with its reason, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        let request = try RunRequest(path: path)
        let workspace = try Workspace(root: request.workspace)
        let journal = try JournalWriter(workspace.run(request.run))
        let began = ContinuousClock.now
        let session = RunSession(request: request, workspace: workspace, journal: journal, environment: environment, version: version)
        // The lock is held until the last event is written. Otherwise the next run would think that this one was interrupted.
        let lock = Swift.Result { try WorkspaceLock(workspace, run: request.run) }
        defer { withExtendedLifetime(lock) {} }
        let work = Task {
            if case .failure(let error) = lock { return RunSession.Result.blocked(LabError(describing: error)) }
            return await session.perform()
        }
        let signals = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { work.cancel() }
            source.activate()
            return source
        }
        let result = await work.value
        signals.forEach { $0.cancel() }
        let end = RunFinished(
            outcome: result.outcome, exitCode: result.exitCode, seconds: began.duration(to: .now) / .seconds(1), error: result.error)
        journal.append(.runFinished(end))
        // Nobody can read in the journal why it couldn't be written. Whoever watches reads standard error.
        if let failure = journal.failure { throw failure }
        return result.exitCode
    }

    /// The exit code of a runner that this process started. Nil while it's running. It stays a zombie, so that the answer stays the same.
    package static func exitCode(of pid: Int32) -> Int32? {
        var info = siginfo_t()
        guard waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT | WNOHANG) == 0 else { return errno == EINTR ? nil : -1 }
        guard info.si_signo != 0 else { return nil }
        let status = info._sifields._sigchld.si_status
        return info.si_code == CLD_EXITED ? status : 128 + status
    }
}
