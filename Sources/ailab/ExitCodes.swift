import ArgumentParser
import Glibc
import LabRunner
import LabSupport

/// `ExitStatus` beyond 0, as the parser throws it.
enum ExitCodes {
    /// A step or check failed.
    static let failed = ExitCode(ExitStatus.failed)
    /// The environment blocks it.
    static let blocked = ExitCode(ExitStatus.blocked)
    /// Interrupted, also by a terminal that went away.
    static let interrupted = ExitCode(ExitStatus.cancelled)

    /// Ends the program. `exit` would run the handlers by which OpenSSL and others take themselves apart, and a thread that is in the middle
    /// of a request then crashes. Nothing is lost by it: no output of this program waits in a buffer.
    static func leave(_ status: Int32) -> Never {
        ChildProcess.killDependents()
        _exit(status)
    }
}
