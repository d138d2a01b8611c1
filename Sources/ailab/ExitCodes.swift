import ArgumentParser
import LabRunner

/// `ExitStatus` beyond 0, as the parser throws it.
enum ExitCodes {
    /// A step or check failed.
    static let failed = ExitCode(ExitStatus.failed)
    /// The environment blocks it.
    static let blocked = ExitCode(ExitStatus.blocked)
    /// Interrupted, also by a terminal that went away.
    static let interrupted = ExitCode(ExitStatus.cancelled)
}
