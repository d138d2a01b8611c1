/// What happened since the loop last waited. Used only on the loop's thread.
final class LoopRound {
    /// A read of paced transfers should find less than a unix socket's buffer takes, because a full buffer stops the sender.
    private static let wanted = SocketBuffer.size * 7 / 10
    /// With this much, the sender was probably stopped, so the time that it took says nothing about its pace.
    private static let full = SocketBuffer.size * 9 / 10
    private static let shortestPause = Duration.milliseconds(1)

    /// When the round began. One clock reading serves all of its callbacks.
    private(set) var now = ContinuousClock.now
    /// How long the round before this one took, its waiting included.
    private var elapsed = Duration.zero
    /// Those with bytes to deliver.
    private var received: [Transfer] = []
    /// The transfer that received the last piece of this round.
    private var last: Transfer?
    /// What the pieces took of the socket's buffer.
    private var charge = 0
    private var longestPause: Duration?
    private var hasUnpacedTraffic = false

    func begin() {
        let time = ContinuousClock.now
        elapsed = now.duration(to: time)
        now = time
        longestPause = nil
        last = nil
        charge = 0
        hasUnpacedTraffic = false
    }

    /// Called for every piece from libcurl, which may be one line of a log. Only the first call of a round does more than count.
    func noteReceived(_ transfer: Transfer, _ length: Int) {
        charge += SocketBuffer.charge(length)
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

    /// How long data should gather before the next read: until `wanted` is there if it goes on coming at this rate, but no longer than the
    /// requests allow. Nil if a transfer without pacing has traffic: it must not wait.
    var pacing: Duration? {
        guard !hasUnpacedTraffic, let longestPause else { return nil }
        guard charge < Self.full else { return Self.shortestPause }
        let untilWanted = elapsed * (Double(Self.wanted) / Double(max(1, charge)))
        return max(Self.shortestPause, min(longestPause, untilWanted))
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

/// What a unix socket's buffer holds: not bytes, but what the kernel charges for each write that lies in it (`sk_buff.truesize`).
private enum SocketBuffer {
    /// `net.core.wmem_default`, which the engine doesn't change.
    static let size = 212_992
    private static let page = 4096
    /// `struct sk_buff`, and `struct skb_shared_info` behind the bytes.
    private static let head = 256
    private static let tail = 320

    /// The charge for a write. The engine writes each line of a log by itself. Of a stream without chunks, several writes may come in one piece,
    /// so they count for less than they take.
    static func charge(_ length: Int) -> Int {
        let rest = max(0, length - (page - tail))
        // The kernel takes the first page as a block of two to the power of n.
        var block = 512
        while block < min(length - rest + tail, page) { block *= 2 }
        return head + block + (rest + page - 1) / page * page
    }
}
