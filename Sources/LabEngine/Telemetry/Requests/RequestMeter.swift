package import HTTPTransport
import LabSupport

/// Counts everything that this program sends through a client, by server.
package final class RequestMeter: TransferObserver {
    /// Servers beyond these are not told apart.
    private static let most = 16
    private static let others = "…"

    private let sender: String
    private let clock: TelemetryClock
    private let tallies = Locked<[String: RequestTally]>([:])

    /// `sender` names this program in the samples.
    package init(sender: String, clock: TelemetryClock) {
        self.sender = sender
        self.clock = clock
    }

    /// What was sent to each server, since the last call and in all.
    package func samples() -> [RequestSample] {
        let now = clock.now
        return tallies.withLock { tallies in
            tallies.keys.sorted().compactMap { tallies[$0]?.sample(sender: sender, server: $0, at: now) }
        }
    }

    package func transferBegan(_ endpoint: Endpoint) {
        update(endpoint) { $0.begin() }
    }

    package func transferEnded(_ outcome: TransferOutcome) {
        update(outcome.endpoint) { tally in
            if outcome.failure == .cancelled { return tally.abandoned() }
            if let failure = outcome.failure { return tally.failed(failure.rawValue) }
            guard let status = outcome.status, let timings = outcome.timings else {
                return tally.failed(TransportError.Kind.other.rawValue)
            }
            tally.answered(status, RequestTally.Phases(timings, isStream: outcome.isStream))
        }
    }

    private func update(_ endpoint: Endpoint, _ change: (inout RequestTally) -> Void) {
        let name = endpoint.shown
        tallies.withLock { tallies in
            let key = tallies[name] != nil || tallies.count < Self.most ? name : Self.others
            change(&tallies[key, default: RequestTally()])
        }
    }
}
