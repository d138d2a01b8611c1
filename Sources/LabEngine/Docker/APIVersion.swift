/// A version of the Engine API, such as 1.41.
package struct APIVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The part before the dot.
    package var major: Int
    /// The part after the dot.
    package var minor: Int

    /// The newest version whose responses this client was written for.
    package static let newestKnown = APIVersion(major: 1, minor: 47)
    /// The version for a server that does not name its own. Docker's client assumes the same.
    package static let assumed = APIVersion(major: 1, minor: 24)

    package init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `1.41`. Nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0 else { return nil }
        self.init(major: major, minor: minor)
    }

    package var description: String { "\(major).\(minor)" }

    package static func < (left: APIVersion, right: APIVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    /// The version to use with a server: its own or `newestKnown`, whichever is older. It's never fixed, because new engines refuse old
    /// versions.
    package static func negotiated(server: APIVersion?) -> APIVersion {
        min(newestKnown, server ?? assumed)
    }
}
