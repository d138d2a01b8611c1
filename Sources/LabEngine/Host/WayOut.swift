/// The interface through which this machine reaches other networks.
package struct WayOut: Sendable, Equatable {
    package var interface: String
    /// The largest packet that the interface sends, in bytes. Behind a tunnel, it is smaller than a bridge's 1500.
    package var packetSize: Int

    /// The interface of the default route with the smallest metric. Nil if there is no such route.
    package init?(root: HostRoot) {
        // The first line names the columns: interface, destination, gateway, flags, count, use, metric, mask.
        let routes = (root.lines("/proc/net/route") ?? []).dropFirst().map { $0.split(whereSeparator: \.isWhitespace) }
        let defaults = routes.filter { $0.count > 7 && $0[1] == "00000000" && $0[7] == "00000000" }
        guard let best = defaults.min(by: { Int($0[6]) ?? 0 < Int($1[6]) ?? 0 }).map({ String($0[0]) }),
            let size = Self.packetSize(of: best, root: root)
        else { return nil }
        interface = best
        packetSize = size
    }

    /// The largest packet that an interface sends.
    package static func packetSize(of interface: String, root: HostRoot) -> Int? {
        (root.text("/sys/class/net/\(interface)/mtu")?.trimmed).flatMap { Int($0) }
    }
}
