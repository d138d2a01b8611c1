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

/// The result of trying a candidate.
package struct EngineAttempt: Sendable, Equatable {
    package var candidate: EngineCandidate
    /// The engine's ping response, or why there is none.
    package var result: Result<PingInfo, LabError>
}

/// The outcome of a search for an engine: every place that was tried. If one answered, it's the last.
package struct EngineSearch: Sendable, Equatable {
    package var attempts: [EngineAttempt]
    /// Whether an engine's program is installed.
    package var isInstalled: Bool

    package init(attempts: [EngineAttempt], isInstalled: Bool) {
        self.attempts = attempts
        self.isInstalled = isInstalled
    }

    /// The engine that answered.
    package var found: (endpoint: Endpoint, ping: PingInfo, origin: EngineCandidate.Origin)? {
        for attempt in attempts {
            guard case .success(let ping) = attempt.result, case .success(let endpoint) = attempt.candidate.endpoint else { continue }
            return (endpoint, ping, attempt.candidate.origin)
        }
        return nil
    }

    /// Why no engine is usable, or nil if one answered.
    ///
    /// A chosen engine's error comes first. Otherwise it's the error that is closest to a working engine: a forbidden socket says more than
    /// six missing ones.
    package var failure: LabError? {
        guard found == nil else { return nil }
        let failures = attempts.compactMap { attempt -> (isChosen: Bool, error: LabError)? in
            guard case .failure(let error) = attempt.result else { return nil }
            return (attempt.candidate.isChosen, error)
        }
        if let chosen = failures.first(where: \.isChosen) { return chosen.error }
        let telling = failures.map(\.error).filter { $0.code != "engine.missing" }
        let order: [LabError.Code] = ["engine.permission", "engine.dead"]
        for code in order {
            if let error = telling.first(where: { $0.code == code }) { return error }
        }
        return telling.first ?? (isInstalled ? .engineStopped : .engineNotInstalled)
    }
}
