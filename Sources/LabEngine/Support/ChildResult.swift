/// How a child ended.
package struct ChildResult: Sendable, Equatable {
    /// The exit code, or 128 + the signal's number.
    package var exitCode: Int
    /// True if the child was killed because `timeout` passed.
    package var timedOut: Bool
    /// The last lines of both streams, in order of arrival.
    package var tail: [String]
}
