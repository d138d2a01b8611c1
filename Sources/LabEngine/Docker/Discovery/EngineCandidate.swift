package import HTTPTransport
package import LabSupport

/// A place where an engine may listen, and why ailab tries it.
package struct EngineCandidate: Sendable, Equatable {
    /// The source of the address.
    package enum Origin: Sendable, Equatable {
        /// The variable `DOCKER_HOST` with this value.
        case dockerHost(String)
        /// The docker client's context with this name.
        case context(String)
        case defaultSocket
        case rootlessDocker
        case dockerDesktop
        case rootlessPodman
        case podman
        /// The engine that ailab starts itself.
        case ailab
    }

    package var origin: Origin
    /// The address, or why there is none.
    package var endpoint: Result<Endpoint, LabError>

    package init(_ origin: Origin, _ endpoint: Result<Endpoint, LabError>) {
        self.origin = origin
        self.endpoint = endpoint
    }

    /// Whether the user chose it. Then ailab uses no other engine, which would have other images and containers.
    package var isChosen: Bool {
        switch origin {
        case .dockerHost, .context: true
        default: false
        }
    }
}
