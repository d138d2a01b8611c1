/// What happened since the loop last waited. Confined to the loop's thread.
final class LoopRound {
    /// The time when the round began: one clock reading serves every callback in it.
    private(set) var now = ContinuousClock.now
    private var received: [Transfer] = []
    private var shortestPacing: Duration?
    private var hasUnpacedTraffic = false

    func begin() {
        now = .now
        shortestPacing = nil
        hasUnpacedTraffic = false
    }

    /// Called for every piece that libcurl hands over, which may be a line of a log: the first of a round does the work.
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

    /// How long to let data gather before the next read. Traffic that did not ask for it is not held up.
    var pacing: Duration? { hasUnpacedTraffic ? nil : shortestPacing }

    /// Wakes the readers of this round's data, each once.
    func flushReceived() {
        for transfer in received {
            transfer.isNoted = false
            transfer.handOver()
            transfer.channel.flush()
        }
        received.removeAll(keepingCapacity: true)
    }
}
