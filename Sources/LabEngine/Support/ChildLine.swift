/// A line that a child wrote.
package struct ChildLine: Sendable, Equatable {
    package enum Stream: Sendable, Equatable {
        case output
        case error
    }

    package var stream: Stream
    /// Without its end; invalid UTF-8 replaced.
    package var text: String
}
