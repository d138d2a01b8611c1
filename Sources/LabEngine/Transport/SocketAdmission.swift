/// Limits how many requests to one unix socket start at the same time.
///
/// If the backlog is full, a unix connect fails at once, while TCP would wait. So a burst must be spread. libcurl's own limit counts
/// connections for their whole life: eight log streams would block every ordinary request. Here a request holds its place until the
/// response's head or for a short time, whichever comes first. By then the server has accepted the connection, and nobody starves.
struct SocketAdmission {
    private static let places = 8
    private static let holdLimit: Duration = .milliseconds(25)

    private struct Socket {
        var holders: [UInt64: ContinuousClock.Instant] = [:]
        var waiting: [Transfer] = []
    }

    private var sockets: [String: Socket] = [:]

    /// Queues the transfer. `admit` returns it when it may start.
    mutating func enqueue(_ transfer: Transfer, at path: String) {
        sockets[path, default: Socket()].waiting.append(transfer)
    }

    /// Queues a transfer again after a full backlog. It keeps its place for the hold time, which spaces out the attempts.
    mutating func retry(_ transfer: Transfer, at path: String) {
        sockets[path, default: Socket()].waiting.insert(transfer, at: 0)
    }

    /// The transfers that may start now, oldest first.
    mutating func admit(now: ContinuousClock.Instant) -> [Transfer] {
        var admitted: [Transfer] = []
        for (path, var socket) in sockets {
            socket.holders = socket.holders.filter { $0.value > now }
            var waiting: [Transfer] = []
            for transfer in socket.waiting {
                if socket.holders.count < Self.places, socket.holders[transfer.id] == nil {
                    socket.holders[transfer.id] = now + Self.holdLimit
                    admitted.append(transfer)
                } else {
                    waiting.append(transfer)
                }
            }
            socket.waiting = waiting
            sockets[path] = socket.holders.isEmpty && socket.waiting.isEmpty ? nil : socket
        }
        return admitted
    }

    /// Frees the place of a transfer that has its head or is over.
    mutating func release(_ transfer: Transfer) {
        guard case .unix(let path) = transfer.request.endpoint else { return }
        sockets[path]?.holders[transfer.id] = nil
        sockets[path]?.waiting.removeAll { $0.id == transfer.id }
    }

    /// When the next place becomes free by itself. Nil if nothing waits.
    var nextRelease: ContinuousClock.Instant? {
        sockets.values.filter { !$0.waiting.isEmpty }.compactMap { $0.holders.values.min() }.min()
    }
}
