/// What happened since the loop last waited. Used only on the loop's thread.
final class LoopRound {
    /// When the round began. One clock reading serves all of its callbacks.
    private(set) var now = ContinuousClock.now
    private var received: [Transfer] = []
    private var shortestPacing: Duration?
    private var hasUnpacedTraffic = false

    func begin() {
        now = .now
        shortestPacing = nil
        hasUnpacedTraffic = false
    }

    /// Called for every piece from libcurl, which may be one line of a log. Only the first call of a round does any work.
    func noteReceived(_ transfer: Transfer) {
        guard !transfer.isNoted else { return }
        transfer.isNoted = true
        received.append(transfer)
        if let pacing = transfer.request.readPacing {
            shortestPacing = min(pacing, shortestPacing ?? pacing)
        } else {
            hasUnpacedTraffic = true
        }
    }

    func noteSent() { hasUnpacedTraffic = true }

    /// How long data should collect before the next read. Nil if a transfer without pacing has traffic: it must not wait.
    var pacing: Duration? { hasUnpacedTraffic ? nil : shortestPacing }

    /// Wakes each reader of this round's data once.
    func flushReceived() {
        for transfer in received {
            transfer.isNoted = false
            transfer.handOver()
            transfer.channel.flush()
        }
        received.removeAll(keepingCapacity: true)
    }
}
