package import HTTPTransport
package import LabSupport

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
        let telling = failures.map(\.error).filter { $0.code != .engineMissing }
        let order: [LabError.Code] = [.enginePermission, .engineDead]
        for code in order {
            if let error = telling.first(where: { $0.code == code }) { return error }
        }
        return telling.first ?? (isInstalled ? .engineStopped : .engineNotInstalled)
    }
}
