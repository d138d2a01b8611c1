import Glibc
package import HTTPTransport

/// Listening sockets for servers in tests.
package enum Listener {
    package static func open(_ place: ScriptedServer.Place, backlog: Int32) throws -> (descriptor: Int32, endpoint: Endpoint) {
        switch place {
        case .temporarySocket: try unix(TemporaryFile.unusedPath("sock"), backlog: backlog)
        case .socket(let path): try unix(path, backlog: backlog)
        case .loopback: try loopback(backlog: backlog)
        }
    }

    private static func unix(_ path: String, backlog: Int32) throws -> (Int32, Endpoint) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        try check("bind", withUnsafePointer(to: &address) { bind(descriptor, generic($0), socklen_t(MemoryLayout<sockaddr_un>.size)) })
        try check("listen", listen(descriptor, backlog))
        return (descriptor, .unix(path: path))
    }

    /// A connection to a socket that somebody else listens on.
    package static func connect(to path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) { Glibc.connect(descriptor, generic($0), socklen_t(MemoryLayout<sockaddr_un>.size)) }
        if result != 0 {
            let number = errno
            close(descriptor)
            throw SystemFailure(call: "connect", number: number)
        }
        return descriptor
    }

    private static func loopback(backlog: Int32) throws -> (Int32, Endpoint) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try check("bind", withUnsafePointer(to: &address) { bind(descriptor, generic($0), length) })
        try check("listen", listen(descriptor, backlog))
        try check(
            "getsockname",
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
            })
        return (descriptor, .tcp(host: "127.0.0.1", port: Int(UInt16(bigEndian: address.sin_port)), tls: nil))
    }

    private static func generic<Address>(_ pointer: UnsafePointer<Address>) -> UnsafePointer<sockaddr> {
        UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
    }

    private static func check(_ call: String, _ result: Int32) throws {
        if result != 0 { throw SystemFailure(call: call, number: errno) }
    }
}

/// A unix socket that listens with the shortest backlog and never accepts.
package final class DeafSocket: Sendable {
    /// What clients try to connect to.
    package let endpoint: Endpoint
    private let descriptor: Int32

    package init() throws { (descriptor, endpoint) = try Listener.open(.temporarySocket, backlog: 1) }

    deinit {
        close(descriptor)
        if case .unix(let path) = endpoint { unlink(path) }
    }
}
