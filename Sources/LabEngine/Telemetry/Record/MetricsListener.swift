import Glibc
package import LabSupport

/// A small HTTP server that answers `GET /metrics` on one address, with one thread for each connection.
package final class MetricsListener: Sendable {
    /// The maximum number of connections. For a further one, the oldest is closed.
    private static let maximumConnections = 16
    /// The time for a whole request, and for sending the response, however slowly the bytes come.
    private static let timeout: Duration = .seconds(5)

    /// The socket. Nil once the thread that accepts connections has closed it: then its number may be another file's.
    private let listening: Locked<Int32?>
    private let page: @Sendable () -> String
    private let open = Locked(Connections())
    /// The port in use. If 0 was requested, the system chooses it.
    package let port: Int

    /// Starts to listen. `host` is an address, not a name. Throws `metrics.*` if the system refuses.
    package init(host: String, port: Int, page: @escaping @Sendable () -> String) throws(LabError) {
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        var wanted = addrinfo()
        wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &wanted, &found) == 0, let address = found?.pointee else {
            throw LabError(.usageAddress, Text(en: "`\(place)` isn't an address and port.", zh: "`\(place)` 不是有效的地址和端口。"))
        }
        defer { freeaddrinfo(found) }
        let socket = Glibc.socket(address.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Self.refused(errno, place) }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(socket, address.ai_addr, address.ai_addrlen) == 0, listen(socket, 16) == 0 else {
            let failure = Self.refused(errno, place)
            close(socket)
            throw failure
        }
        listening = Locked(socket)
        self.port = Self.port(of: socket) ?? port
        self.page = page
        let onlyHere = Loopback.contains(host: host)
        PosixThread.start { [socket, listening, page, open] in
            Self.accept(on: socket, page, open, onlyHere: onlyHere)
            listening.withLock {
                $0 = nil
                close(socket)
            }
        }?.detach()
    }

    deinit {
        listening.withLock { socket in
            if let socket { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    private static func refused(_ code: Int32, _ place: String) -> LabError {
        let cause = String(cString: strerror(code))
        if code == EADDRINUSE {
            return LabError(
                .metricsPortTaken, Text(en: "Another program already listens on \(place).", zh: "已有其他程序在监听 \(place)。"),
                hint: Text(en: "Choose another port: `--listen 127.0.0.1:9836`.", zh: "请换一个端口：`--listen 127.0.0.1:9836`。"),
                cause: cause, errno: code)
        }
        return LabError(.metricsListen, Text(en: "Can't listen on \(place).", zh: "无法监听 \(place)。"), cause: cause, errno: code)
    }

    private static func port(of socket: Int32) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let failed = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        guard failed == 0 else { return nil }
        // The port is at the same offset in the addresses of both families.
        return withUnsafeBytes(of: storage) { Int($0[2]) << 8 | Int($0[3]) }
    }

    /// The connections that are being served, the oldest first.
    private struct Connections: Sendable {
        private var all: [Int32] = []

        /// Adds one. If there are too many, the oldest gets no more time: the thread that serves it then closes it.
        mutating func add(_ client: Int32) {
            if all.count >= maximumConnections { shutdown(all.removeFirst(), Int32(SHUT_RDWR)) }
            all.append(client)
        }

        /// Closes it while nobody else can take its number for a connection.
        mutating func close(_ client: Int32) {
            all.removeAll { $0 == client }
            Glibc.close(client)
        }
    }

    private static func accept(
        on socket: Int32, _ page: @escaping @Sendable () -> String, _ open: Locked<Connections>, onlyHere: Bool
    ) {
        while true {
            let client = Glibc.accept(socket, nil, nil)
            guard client >= 0 else {
                switch errno {
                case EINTR, ECONNABORTED: continue
                case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                    // The process or system has run out of descriptors or memory. Wait until others free some, because an immediate retry
                    // would fail, too.
                    usleep(200_000)
                    continue
                default: break
                }
                break
            }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            open.withLock { $0.add(client) }
            let work = { @Sendable in
                serve(client, page, onlyHere: onlyHere)
                open.withLock { $0.close(client) }
            }
            // If no thread can be created, serve the connection here.
            guard let thread = PosixThread.start(work) else {
                work()
                continue
            }
            thread.detach()
        }
    }

    private static func serve(_ client: Int32, _ page: () -> String, onlyHere: Bool) {
        let deadline = ContinuousClock.now + timeout
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !head.contains(bytes: [13, 10, 13, 10]), !head.contains(bytes: [10, 10]) {
            guard wait(for: Int16(POLLIN), client, until: deadline) else { return }
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0, head.count < 16 << 10 else { return }
            head += buffer[..<count]
        }
        let words = head.prefix { $0 != 10 && $0 != 13 }.split(separator: 32).map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 3 else { return send("400 Bad Request", "text/plain", "bad request\n", to: client) }
        guard words[0] == "GET" || words[0] == "HEAD" else {
            return send("405 Method Not Allowed", "text/plain", "only GET\n", to: client)
        }
        // A page in a browser can make another name mean this machine, and then read what is here. Who listens on another address wants to be
        // reached by its names.
        guard !onlyHere || isForThisMachine(head) else {
            return send("421 Misdirected Request", "text/plain", "only for hosts of this machine, such as localhost\n", to: client)
        }
        let path = words[1].prefix { $0 != "?" }
        guard path == "/metrics" || path == "/" else { return send("404 Not Found", "text/plain", "see /metrics\n", to: client) }
        send("200 OK", OpenMetricsText.contentType, page(), to: client, hasBody: words[0] == "GET")
    }

    /// Waits until the socket is ready. False if the time is over.
    private static func wait(for events: Int16, _ client: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else { return false }
            var watched = pollfd(fd: client, events: events, revents: 0)
            let count = poll(&watched, 1, Int32(clamping: milliseconds))
            if count > 0 { return true }
            guard count == 0 || errno == EINTR else { return false }
        }
    }

    /// Whether every `Host` of a request is a name or an address of the loopback. HTTP/1.0 needs none.
    private static func isForThisMachine(_ head: [UInt8]) -> Bool {
        let lines = head.split { $0 == 10 || $0 == 13 }.map { String(decoding: $0, as: UTF8.self) }
        let hosts = lines.dropFirst().compactMap { line -> Substring? in
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "host" else { return nil }
            return line[line.index(after: colon)...]
        }
        return hosts.allSatisfy { host in
            Loopback.contains(authority: host.filter { $0 != " " && $0 != "\t" })
        }
    }

    private static func send(_ status: String, _ type: String, _ body: String, to client: Int32, hasBody: Bool = true) {
        let head = "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
        var rest = Array((head + (hasBody ? body : "")).utf8)[...]
        let deadline = ContinuousClock.now + timeout
        while !rest.isEmpty {
            guard wait(for: Int16(POLLOUT), client, until: deadline) else { return }
            // Without MSG_NOSIGNAL, SIGPIPE would kill the program if the client closes the connection. Without MSG_DONTWAIT, a client that
            // reads a few bytes at a time would hold this thread beyond the deadline.
            let count = rest.withUnsafeBytes {
                Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
        shutdown(client, Int32(SHUT_WR))
    }
}

extension [UInt8] {
    fileprivate func contains(bytes: [UInt8]) -> Bool {
        guard count >= bytes.count else { return false }
        return (0...(count - bytes.count)).contains { self[$0..<($0 + bytes.count)].elementsEqual(bytes) }
    }
}
