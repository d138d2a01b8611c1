/// Where a server listens.
package enum Endpoint: Sendable, Hashable {
    /// A unix socket. Its path has at most 107 bytes (`sun_path`).
    case unix(path: String)
    /// Host and port, with TLS if settings are given.
    case tcp(host: String, port: Int, tls: TLSSettings?)
}
