/// Lets requests to one unix socket start a few at a time.
///
/// A unix connect that meets a full backlog fails at once where TCP would wait, so a burst must be spread. libcurl's own limit
/// counts connections for as long as they live: eight log streams would then shut out every ordinary request. Here a place is held
/// until the answer's head or for a moment, whichever comes first. By then the server has accepted, and nobody starves.
struct SocketAdmission {
    private static let places = 8
    private static let longestHold: Duration = .milliseconds(25)

    private struct Socket {
        var holders: [UInt64: ContinuousClock.Instant] = [:]
        var waiting: [Transfer] = []
    }

    private var sockets: [String: Socket] = [:]

    /// Queues the transfer; `admit` says when it may start.
    mutating func enqueue(_ transfer: Transfer, at path: String) {
        sockets[path, default: Socket()].waiting.append(transfer)
    }

    /// Queues a transfer again that met a full backlog. Its place stays taken for the moment, which paces the attempts.
    mutating func retry(_ transfer: Transfer, at path: String) {
        sockets[path, default: Socket()].waiting.insert(transfer, at: 0)
    }

    /// Those that may start now, oldest first.
    mutating func admit(now: ContinuousClock.Instant) -> [Transfer] {
        var admitted: [Transfer] = []
        for (path, var socket) in sockets {
            socket.holders = socket.holders.filter { $0.value > now }
            var waiting: [Transfer] = []
            for transfer in socket.waiting {
                if socket.holders.count < Self.places, socket.holders[transfer.id] == nil {
                    socket.holders[transfer.id] = now + Self.longestHold
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

    /// The transfer has its head, or is over.
    mutating func release(_ transfer: Transfer) {
        guard case .unix(let path) = transfer.request.endpoint else { return }
        sockets[path]?.holders[transfer.id] = nil
        sockets[path]?.waiting.removeAll { $0.id == transfer.id }
    }

    /// When the next place falls free by itself, where somebody waits for one.
    var nextRelease: ContinuousClock.Instant? {
        sockets.values.filter { !$0.waiting.isEmpty }.compactMap { $0.holders.values.min() }.min()
    }
}
