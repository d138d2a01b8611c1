import Glibc
import HTTPTransport
import LabSupport
import TestSupport

/// Passes everything between its socket and an engine's until it is cut: an engine that goes away in the middle.
final class SocketRelay: Sendable {
    let endpoint: Endpoint
    private let path: String
    private let target: String
    private let relay: Locked<StartedRelay>

    init(to engine: Endpoint) throws {
        guard case .unix(let target) = engine else { throw SystemFailure(call: "relay", number: EINVAL) }
        self.target = target
        path = TemporaryFile.unusedPath("sock")
        endpoint = .unix(path: path)
        relay = Locked(try StartedRelay(path: path, target: target))
    }

    deinit { cut() }

    /// Ends every connection; nobody listens from now on.
    func cut() { relay.withLock { $0.stop() } }

    /// Listens again, as after the engine was started anew.
    func mend() throws {
        let started = try StartedRelay(path: path, target: target)
        relay.withLock { $0 = started }
    }
}

/// A thread that accepts, and two for each connection.
private final class StartedRelay: Sendable {
    private let listener: Int32
    private let path: String
    private let open = Locked<(isCut: Bool, descriptors: [Int32])>((false, []))

    init(path: String, target: String) throws {
        self.path = path
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard Self.with(path, { bind(listener, $0, $1) }) == 0, listen(listener, 64) == 0 else {
            throw SystemFailure(call: "bind", number: errno)
        }
        PosixThread.start { [self] in accept(target) }?.detach()
    }

    func stop() {
        let descriptors = open.withLock { state in
            defer { state = (true, []) }
            return state.isCut ? [] : state.descriptors + [listener]
        }
        for descriptor in descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        unlink(path)
    }

    private func accept(_ target: String) {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            _ = Self.with(target) { connect(server, $0, $1) }
            // Cut between the accept and here, it would stay open: nobody ends a connection that isn't in the list.
            let isCut = open.withLock { state in
                if !state.isCut { state.descriptors += [client, server] }
                return state.isCut
            }
            guard !isCut else {
                for descriptor in [client, server] { close(descriptor) }
                return
            }
            PosixThread.start { Self.copy(from: client, to: server) }?.detach()
            PosixThread.start { Self.copy(from: server, to: client) }?.detach()
        }
    }

    private static func copy(from source: Int32, to target: Int32) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0, Files.writeAll(Array(buffer[..<count]), to: target) == 0 else { break }
        }
        shutdown(target, Int32(SHUT_WR))
    }

    private static func with(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}
