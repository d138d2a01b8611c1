package import LabSupport

/// The result of trying a candidate.
package struct EngineAttempt: Sendable, Equatable {
    package var candidate: EngineCandidate
    /// The engine's ping response, or why there is none.
    package var result: Result<PingInfo, LabError>
}
