/// A port of a container that is published on the host.
package struct PortMapping: Sendable, Hashable {
    package var container: Int
    /// The host's port, or nil if the engine should pick a free one.
    package var host: Int?
    /// The host's address to bind to. Loopback by default, because the lab's servers have no protection of their own.
    package var address: String?
    /// `tcp` or `udp`.
    package var transport: String

    package init(container: Int, host: Int?, address: String? = "127.0.0.1", transport: String = "tcp") {
        self.container = container
        self.host = host
        self.address = address
        self.transport = transport
    }
}
