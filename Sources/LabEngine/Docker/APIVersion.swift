/// A version of the Engine API, such as 1.41.
package struct APIVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The part before the dot.
    package var major: Int
    /// The part after the dot.
    package var minor: Int

    /// The versions that `make compat` tries: Docker 20.10, 26.1 and 28.5, and Podman. docs/engines.md has the results.
    package static let tried = [41, 44, 45, 51].map { APIVersion(major: 1, minor: $0) }
    /// The newest of them.
    package static let newestTried = APIVersion(major: 1, minor: 51)
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

    /// The version to use with a server: its own. An older one would hide what the server tells, such as its devices, and new engines
    /// refuse old versions. Within 1.x, a newer version adds fields; calls whose responses lose some name their `DockerCall.newestVersion`.
    package static func negotiated(server: APIVersion?) -> APIVersion {
        let server = server ?? assumed
        return server.major == newestTried.major ? server : min(server, newestTried)
    }
}
