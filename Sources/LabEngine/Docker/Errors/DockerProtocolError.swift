/// The engine's bytes do not match its API. The place is all that helps to find out why.
package struct DockerProtocolError: Error, Sendable, Equatable {
    /// What was being read.
    package var place: String
    /// What was wrong.
    package var detail: String

    package init(_ place: String, _ detail: String) {
        self.place = place
        self.detail = detail
    }
}
