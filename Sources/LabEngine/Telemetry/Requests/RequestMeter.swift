package import HTTPTransport
import LabSupport

/// Counts all requests that this process sends through a client, by server.
package final class RequestMeter: TransferObserver {
    /// The maximum number of servers. Further ones are counted together.
    private static let maximumServers = 16
    private static let others = "…"

    private let sender: String
    private let clock: TelemetryClock
    private let tallies = Locked<[String: RequestTally]>([:])

    /// `sender` is this process's name in the samples.
    package init(sender: String, clock: TelemetryClock) {
        self.sender = sender
        self.clock = clock
    }

    /// The requests to each server, since the previous call and in total.
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
            let key = tallies[name] != nil || tallies.count < Self.maximumServers ? name : Self.others
            change(&tallies[key, default: RequestTally()])
        }
    }
}
