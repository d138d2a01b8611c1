/// What event of a container to wait for.
package enum WaitCondition: String, Sendable {
    /// The container is not running. Returns at once if it never ran.
    case notRunning = "not-running"
    /// The container's next end. Begin this wait before the start.
    case nextExit = "next-exit"
    /// The container is removed.
    case removed
}
