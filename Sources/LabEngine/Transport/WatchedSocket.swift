import CCurl
import Glibc

/// A non-blocking socket. Its calls wait until a deadline at most, and end early if another thread cancels.
final class WatchedSocket {
    /// Lets another thread end the waiting.
    final class Bell: Sendable {
        fileprivate let descriptor: Int32

        init() { descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }

        deinit { close(descriptor) }

        func ring() { eventfd_write(descriptor, 1) }
    }

    private static let backlogRetry: Duration = .milliseconds(10)

    private var descriptor: Int32
    private let bell: Bell

    /// Takes ownership of a connected non-blocking socket.
    init(_ descriptor: Int32, _ bell: Bell) {
        self.descriptor = descriptor
        self.bell = bell
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Gives up ownership of the descriptor.
    func take() -> Int32 {
        defer { descriptor = -1 }
        return descriptor
    }

    // MARK: Connecting

    static func connect(to endpoint: Endpoint, by deadline: ContinuousClock.Instant, bell: Bell) throws -> WatchedSocket {
        switch endpoint {
        case .unix(let path): try connect(path: path, by: deadline, bell: bell)
        case .tcp(let host, let port, _): try connect(host: host, port: port, by: deadline, bell: bell)
        }
    }

    private static func connect(path: String, by deadline: ContinuousClock.Instant, bell: Bell) throws -> WatchedSocket {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let socket = try open(AF_UNIX, named: path, bell)
        while true {
            let result = withUnsafePointer(to: &address) {
                Glibc.connect(socket.descriptor, generic($0), socklen_t(MemoryLayout<sockaddr_un>.size))
            }
            if result == 0 { return socket }
            // If the backlog is full, a unix connect fails at once. TCP would wait.
            guard errno == EAGAIN, ContinuousClock.now < deadline else { throw TransportError.connecting(path, errno) }
            try socket.sleep(backlogRetry)
        }
    }

    private static func connect(host: String, port: Int, by deadline: ContinuousClock.Instant, bell: Bell) throws -> WatchedSocket {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, String(port), &hints, &list)
        guard result == 0 else {
            throw TransportError(kind: .resolve, detail: "\(host): \(String(cString: gai_strerror(result)))")
        }
        defer { freeaddrinfo(list) }
        var lastError: any Error = TransportError(kind: .resolve, detail: "\(host) has no address")
        var next = list
        while let entry = next {
            do {
                return try connect(entry.pointee, named: "\(host):\(port)", by: deadline, bell: bell)
            } catch let error as TransportError where error.kind == .connect {
                lastError = error
            }
            next = entry.pointee.ai_next
        }
        throw lastError
    }

    private static func connect(
        _ entry: addrinfo, named name: String, by deadline: ContinuousClock.Instant, bell: Bell
    ) throws -> WatchedSocket {
        let socket = try open(entry.ai_family, named: name, bell)
        if Glibc.connect(socket.descriptor, entry.ai_addr, entry.ai_addrlen) == 0 { return socket }
        guard errno == EINPROGRESS else { throw TransportError.connecting(name, errno) }
        try socket.wait(for: POLLOUT, until: deadline, "no connection in time")
        var number: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(socket.descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
        guard number == 0 else { throw TransportError.connecting(name, number) }
        return socket
    }

    private static func open(_ family: Int32, named name: String, _ bell: Bell) throws -> WatchedSocket {
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(family, Int32(kind), 0)
        guard descriptor >= 0 else { throw TransportError.connecting(name, errno) }
        return WatchedSocket(descriptor, bell)
    }

    private static func generic<Address>(_ pointer: UnsafePointer<Address>) -> UnsafePointer<sockaddr> {
        UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
    }
}

// MARK: - Talking

extension WatchedSocket {
    func write(_ bytes: [UInt8], by deadline: ContinuousClock.Instant?) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                rest.removeFirst(count)
            } else if errno == EAGAIN {
                try wait(for: POLLOUT, until: deadline, "the server did not take the request in time")
            } else if errno != EINTR {
                throw TransportError.talking(errno)
            }
        }
    }

    /// The next bytes. Empty when the other side has ended.
    func read(by deadline: ContinuousClock.Instant?) throws -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            if count >= 0 { return Array(piece[..<count]) }
            if errno == EAGAIN {
                try wait(for: POLLIN, until: deadline, "no response in time")
            } else if errno != EINTR {
                throw TransportError.talking(errno)
            }
        }
    }

    private func wait(for events: Int32, until deadline: ContinuousClock.Instant?, _ sentence: String) throws {
        var descriptors = [
            pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(events), revents: 0),
        ]
        let time = deadline.map { Int32(ContinuousClock.now.duration(to: $0).wholeMilliseconds) } ?? -1
        let count = poll(&descriptors, nfds_t(descriptors.count), time)
        if descriptors[0].revents != 0 { throw CancellationError() }
        if count == 0 { throw TransportError(kind: .timeout, detail: sentence) }
    }

    private func sleep(_ duration: Duration) throws {
        var descriptor = pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&descriptor, 1, Int32(duration.wholeMilliseconds)) > 0 { throw CancellationError() }
    }
}

extension TransportError {
    fileprivate static func connecting(_ name: String, _ number: Int32) -> TransportError {
        TransportError(kind: .connect, errno: number, detail: "\(name): \(String(cString: strerror(number)))")
    }

    fileprivate static func talking(_ number: Int32) -> TransportError {
        TransportError(kind: .reset, errno: number, detail: String(cString: strerror(number)))
    }
}
