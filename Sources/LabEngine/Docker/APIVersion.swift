package import HTTPTransport

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

/// The header fields of `GET /_ping`. A ping takes a third of a millisecond; `/version` and `/info` take ten milliseconds.
package struct PingInfo: Sendable, Equatable {
    /// The newest API version that the server supports, or nil if it doesn't say.
    package var apiVersion: APIVersion?
    /// The containers' operating system: `linux` or `windows`.
    package var osType: String?
    /// The server's name and version, such as `Docker/20.10.24 (linux)` or `Libpod/5.4.0 (linux)`.
    package var server: String?
    /// Whether experimental features are on.
    package var isExperimental: Bool
    /// Podman's version header. Other engines don't send it.
    package var libpodVersion: String?

    package init(
        apiVersion: APIVersion? = nil, osType: String? = nil, server: String? = nil, isExperimental: Bool = false,
        libpodVersion: String? = nil
    ) {
        self.apiVersion = apiVersion
        self.osType = osType
        self.server = server
        self.isExperimental = isExperimental
        self.libpodVersion = libpodVersion
    }

    package init(headers: HTTPHeaders) {
        self.init(
            apiVersion: headers["Api-Version"].flatMap(APIVersion.init),
            osType: headers["Ostype"],
            server: headers["Server"],
            isExperimental: headers["Docker-Experimental"]?.lowercased() == "true",
            libpodVersion: headers["Libpod-Api-Version"]
        )
    }

    /// The engine's version from text such as `Docker/20.10.24+dfsg1 (linux)`.
    package var engineVersion: String? {
        guard let server, let slash = server.firstIndex(of: "/") else { return nil }
        return String(server[server.index(after: slash)...].prefix { $0 != " " })
    }
}
