import LabSupport

/// Hears about every request of a client. Called on the transport's threads, so it must neither wait nor call the client.
package protocol TransferObserver: AnyObject, Sendable {
    /// A request is about to begin.
    func transferBegan(_ endpoint: Endpoint)
    /// The request has ended.
    func transferEnded(_ outcome: TransferOutcome)
}

/// The observers of a client. The references are weak, so a released observer drops out.
final class TransferObservers: Sendable {
    private struct Entry {
        weak var observer: (any TransferObserver)?
    }

    private let entries = Locked<[Entry]>([])

    func add(_ observer: any TransferObserver) {
        entries.withLock { entries in
            entries.removeAll { $0.observer == nil }
            entries.append(Entry(observer: observer))
        }
    }

    func began(_ endpoint: Endpoint) { for observer in living { observer.transferBegan(endpoint) } }

    func ended(_ outcome: TransferOutcome) { for observer in living { observer.transferEnded(outcome) } }

    private var living: [any TransferObserver] { entries.withLock { $0.compactMap(\.observer) } }
}
