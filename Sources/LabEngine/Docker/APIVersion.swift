package import HTTPTransport

/// A version of the Engine API, such as 1.41.
package struct APIVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The part before the dot.
    package var major: Int
    /// The part after the dot.
    package var minor: Int

    /// The newest version whose answers this client was written against.
    package static let newestKnown = APIVersion(major: 1, minor: 47)
    /// What a server that does not name its version is spoken to with, as docker's own client does.
    package static let assumed = APIVersion(major: 1, minor: 24)

    package init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `1.41`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0 else { return nil }
        self.init(major: major, minor: minor)
    }

    package var description: String { "\(major).\(minor)" }

    package static func < (left: APIVersion, right: APIVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    /// The version to speak with a server: its own, unless ours is older. Never a fixed one, since new engines refuse old versions.
    package static func negotiated(server: APIVersion?) -> APIVersion {
        min(newestKnown, server ?? assumed)
    }
}

/// What the header fields of `GET /_ping` tell: a third of a millisecond, where `/version` and `/info` take ten.
package struct PingInfo: Sendable, Equatable {
    /// The newest API version that the server speaks; nil where it does not say.
    package var apiVersion: APIVersion?
    /// The server's name and version, such as `Docker/20.10.24 (linux)` or `Libpod/5.4.0 (linux)`.
    package var server: String?
    /// Podman's own version header, absent elsewhere.
    package var libpodVersion: String?

    package init(
        apiVersion: APIVersion? = nil, server: String? = nil, libpodVersion: String? = nil
    ) {
        self.apiVersion = apiVersion
        self.server = server
        self.libpodVersion = libpodVersion
    }

    package init(headers: HTTPHeaders) {
        self.init(
            apiVersion: headers["Api-Version"].flatMap(APIVersion.init),
            server: headers["Server"],
            libpodVersion: headers["Libpod-Api-Version"]
        )
    }

    /// The engine's version out of `Docker/20.10.24+dfsg1 (linux)`.
    package var engineVersion: String? {
        guard let server, let slash = server.firstIndex(of: "/") else { return nil }
        return String(server[server.index(after: slash)...].prefix { $0 != " " })
    }
}
