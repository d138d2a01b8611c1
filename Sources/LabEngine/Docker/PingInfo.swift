package import HTTPTransport

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
    /// The builder that the server suggests: `2` is BuildKit, `1` or nothing the classic one.
    package var builderVersion: String?
    /// The version of Podman's builder.
    package var buildahVersion: String?

    package init(
        apiVersion: APIVersion? = nil, osType: String? = nil, server: String? = nil, isExperimental: Bool = false,
        libpodVersion: String? = nil, builderVersion: String? = nil, buildahVersion: String? = nil
    ) {
        self.apiVersion = apiVersion
        self.osType = osType
        self.server = server
        self.isExperimental = isExperimental
        self.libpodVersion = libpodVersion
        self.builderVersion = builderVersion
        self.buildahVersion = buildahVersion
    }

    package init(headers: HTTPHeaders) {
        self.init(
            apiVersion: headers["Api-Version"].flatMap(APIVersion.init),
            osType: headers["Ostype"],
            server: headers["Server"],
            isExperimental: headers["Docker-Experimental"]?.lowercased() == "true",
            libpodVersion: headers["Libpod-Api-Version"],
            builderVersion: headers["Builder-Version"],
            buildahVersion: headers["Libpod-Buildah-Version"]
        )
    }

    /// The engine's version from text such as `Docker/20.10.24+dfsg1 (linux)`.
    package var engineVersion: String? {
        guard let server, let slash = server.firstIndex(of: "/") else { return nil }
        return String(server[server.index(after: slash)...].prefix { $0 != " " })
    }
}
