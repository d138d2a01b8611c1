/// The part of a container's output to read.
package struct LogOptions: Sendable, Equatable {
    /// Whether to go on as long as the container runs.
    package var follows = false
    /// How many of the last lines to read, or nil for all.
    package var tail: Int?
    /// Whether every line begins with its time.
    package var hasTimestamps = false
    /// Only lines since this time: seconds since 1970, with an optional fraction, or RFC 3339.
    package var since: String?
    package var stdout = true
    package var stderr = true

    package init(follows: Bool = false, tail: Int? = nil) {
        self.follows = follows
        self.tail = tail
    }
}
