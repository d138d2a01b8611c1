/// The program that builds images behind an engine's `POST /build`.
package struct ImageBuilder: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Docker's first builder.
        case classic
        case buildKit
        /// Podman's.
        case buildah
    }

    package var kind: Kind
    /// BuildKit: the newest version 1.x of the Dockerfile's language that it knows for certain. Buildah: its own version 1.x. Classic: that of the API.
    /// Nil if it isn't known.
    package var release: Int?

    package init(_ kind: Kind, release: Int? = nil) {
        self.kind = kind
        self.release = release
    }

    /// The builder of an engine that answered a ping. `DOCKER_BUILDKIT` chooses, as for Docker's own client. Without it, the engine's choice counts.
    /// Nil if the engine is neither Docker nor Podman and says nothing.
    package init?(ping: PingInfo, environment: [String: String]) {
        switch EngineKind(ping: ping).maker {
        case .podman: self.init(.buildah, release: Self.buildahRelease(ping.buildahVersion))
        case .docker, .other:
            let isDocker = EngineKind(ping: ping).maker == .docker
            let wanted = environment["DOCKER_BUILDKIT"].flatMap(Self.flag)
            // The builder of Docker 18.09 and 19.03 was an experiment.
            let hasBuildKit = ping.osType != "windows" && (ping.apiVersion ?? .assumed) >= APIVersion(major: 1, minor: 41)
            if wanted ?? (ping.builderVersion == "2"), hasBuildKit {
                self.init(.buildKit, release: ping.apiVersion.map(Self.languageRelease))
            } else if isDocker || ping.builderVersion != nil {
                self.init(.classic, release: ping.apiVersion?.minor)
            } else {
                return nil
            }
        }
    }

    /// As Go's `strconv.ParseBool` reads it.
    private static func flag(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "TRUE", "true", "True": true
        case "0", "f", "F", "FALSE", "false", "False": false
        default: nil
        }
    }

    /// What the frontend inside an engine knows, by the engine's API version:
    /// https://docs.docker.com/build/buildkit/dockerfile-release-notes/
    private static func languageRelease(_ version: APIVersion) -> Int {
        let known = [(41, 2), (42, 5), (44, 6), (45, 7), (46, 8), (47, 9), (48, 13), (49, 14), (51, 17), (52, 19)]
        return known.last { version >= APIVersion(major: 1, minor: $0.0) }?.1 ?? 1
    }

    /// The second number of Buildah's version. There is no Buildah 2.
    private static func buildahRelease(_ version: String?) -> Int? {
        let numbers = (version ?? "").split(separator: ".").prefix(2).map { Int($0.prefix { $0.isNumber }) }
        return numbers.count == 2 && numbers[0] == 1 ? numbers[1] : nil
    }
}
