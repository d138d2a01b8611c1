import ArgumentParser

/// Exit codes beyond 0, all of them documented in the README.
enum ExitCodes {
    /// A step or check failed.
    static let failed = ExitCode(1)
    /// The environment blocks it.
    static let blocked = ExitCode(3)
    /// Interrupted, also by a terminal that went away.
    static let interrupted = ExitCode(130)
}
