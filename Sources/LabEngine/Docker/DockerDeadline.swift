/// The time limits of a request. A stream that may be silent for hours has none: cancel its task to end it.
package struct DockerDeadline: Sendable {
    package var head: Duration?
    package var idle: Duration?
    package var total: Duration?

    package init(head: Duration?, idle: Duration? = nil, total: Duration? = nil) {
        self.head = head
        self.idle = idle
        self.total = total
    }

    /// A query that the engine answers from memory. Under load, that takes seconds, not minutes.
    package static let question = DockerDeadline(head: .seconds(60), idle: .seconds(60))
    /// A change that means work for the engine, such as removing a large image or committing layers.
    package static let work = DockerDeadline(head: .seconds(300), idle: .seconds(300))
    /// A stream that begins at once and may then be silent.
    package static let stream = DockerDeadline(head: .seconds(60))
    /// No limit. To end the request, cancel the task that waits.
    package static let none = DockerDeadline(head: nil)
}
