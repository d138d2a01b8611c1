import Glibc

/// Finds free ports on this machine.
package enum FreePort {
    /// Whether an engine could publish the port on loopback. The check binds the port but does not listen.
    package static func isFree(_ port: Int) -> Bool {
        guard let number = UInt16(exactly: port) else { return false }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        // Bind as the engine's proxy does: connections in TIME_WAIT don't count.
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = number.bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        } == 0
    }

    /// A replacement for a taken port: the first free one from 10,000 above it, which is easy to remember. For servers' ports, it's below
    /// the range that the system assigns to connections. `taken` are ports that are reserved although nothing listens yet.
    package static func suggested(insteadOf port: Int, not taken: [Int] = []) -> Int? {
        (0..<50).lazy.map { port + 10_000 + $0 }.first { $0 < 65_536 && !taken.contains($0) && isFree($0) }
    }
}
