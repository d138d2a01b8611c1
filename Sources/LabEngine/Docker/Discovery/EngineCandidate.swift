package import HTTPTransport
package import LabSupport

/// A place where an engine may listen, and why it is looked at.
package struct EngineCandidate: Sendable, Equatable {
    /// Where the address comes from.
    package enum Origin: Sendable, Equatable {
        /// The variable `DOCKER_HOST`, with its value.
        case dockerHost(String)
        /// A context of the docker client, by name.
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

    /// Whether the user chose it. Then it is that one or none: another engine has other images and containers.
    package var isChosen: Bool {
        switch origin {
        case .dockerHost, .context: true
        default: false
        }
    }
}

/// What became of a candidate.
package struct EngineAttempt: Sendable, Equatable {
    package var candidate: EngineCandidate
    /// What the engine said, or why it did not.
    package var result: Result<PingInfo, LabError>
}

/// The outcome of looking for an engine: every place that was tried, the last of them with an answer or none.
package struct EngineSearch: Sendable, Equatable {
    package var attempts: [EngineAttempt]
    /// Whether an engine's program is on the machine.
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

    /// Why no engine can be used; nil where one answered. The chosen one's reason, else the one that is closest to working: a socket
    /// that is forbidden says more than the six that are not there.
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
