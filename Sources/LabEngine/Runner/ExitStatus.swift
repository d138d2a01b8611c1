/// The exit codes of `ailab` and of its runner process. The README lists them for users.
package enum ExitStatus {
    package static let succeeded: Int32 = 0
    /// A step or check failed.
    package static let failed: Int32 = 1
    package static let wrongUse: Int32 = 2
    /// The environment blocks it.
    package static let blocked: Int32 = 3
    /// A person interrupted it: 128 + SIGINT, as shells report it.
    package static let cancelled: Int32 = 130
}
