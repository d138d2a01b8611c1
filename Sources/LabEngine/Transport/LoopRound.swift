/// What happened since the loop last waited. Used only on the loop's thread.
final class LoopRound {
    /// A read of paced transfers should find about this many pieces: less than a unix socket's buffer takes if each piece is a short write of
    /// its own, such as a line of a log. The kernel charges some 770 bytes for each, and has 208 KiB. A full buffer would slow the sender down.
    private static let readSize = 200
    private static let shortestPause = Duration.milliseconds(1)

    /// When the round began. One clock reading serves all of its callbacks.
    private(set) var now = ContinuousClock.now
    /// How long the round before this one took, its waiting included.
    private var elapsed = Duration.zero
    /// Those with bytes to deliver.
    private var received: [Transfer] = []
    /// The transfer that received the last piece of this round.
    private var last: Transfer?
    private var pieces = 0
    private var longestPause: Duration?
    private var hasUnpacedTraffic = false

    func begin() {
        let time = ContinuousClock.now
        elapsed = now.duration(to: time)
        now = time
        longestPause = nil
        last = nil
        pieces = 0
        hasUnpacedTraffic = false
    }

    /// Called for every piece from libcurl, which may be one line of a log. Only the first call of a round does more than count.
    func noteReceived(_ transfer: Transfer) {
        pieces += 1
        guard transfer !== last else { return }
        last = transfer
        if !transfer.isNoted {
            transfer.isNoted = true
            received.append(transfer)
        }
        if let pacing = transfer.request.readPacing {
            longestPause = min(pacing, longestPause ?? pacing)
        } else {
            hasUnpacedTraffic = true
        }
    }

    func noteSent() { hasUnpacedTraffic = true }

    /// How long data should gather before the next read: until `readSize` pieces are there if they go on coming at this rate, but no
    /// longer than the requests allow. Nil if a transfer without pacing has traffic: it must not wait.
    var pacing: Duration? {
        guard !hasUnpacedTraffic, let longestPause else { return nil }
        let untilFull = elapsed * (Double(Self.readSize) / Double(max(1, pieces)))
        return max(Self.shortestPause, min(longestPause, untilFull))
    }

    /// Wakes each reader once, if it's time to deliver.
    func flushReceived() {
        received.removeAll { transfer in
            if let due = transfer.due, due > now { return false }
            transfer.isNoted = false
            transfer.deliver(at: now)
            return true
        }
    }

    /// When the next delivery is due. Nil if nothing waits.
    var nextDelivery: ContinuousClock.Instant? { received.compactMap(\.due).min() }
}
