import CCurl
import Glibc
import LabSupport

/// A TLS connection behind an ordinary socket. libcurl holds the secured connection. A thread passes bytes between the two until one
/// side closes.
final class TLSTunnel: @unchecked Sendable {
    // Only the connecting thread uses these until `open` starts the passing thread. After that, only the passing thread does.
    private let easy: CurlEasy
    private let endpoint: Endpoint
    private let secured: Int32
    private let broken = Locked<TransportError?>(nil)

    /// Connects and negotiates TLS. Blocks until the deadline at most.
    init(_ request: HTTPRequest, by deadline: ContinuousClock.Instant) throws {
        try CurlLibrary.load()
        guard let easy = CurlEasy() else { throw TransportError(kind: .other, detail: "libcurl cannot create a handle") }
        var request = request
        request.connectTimeout = max(.milliseconds(1), ContinuousClock.now.duration(to: deadline))
        easy.applyConnection(request)
        let result = easy.refusal ?? cc_easy_perform(easy.handle)
        var socket: curl_socket_t = -1
        guard result == CURLE_OK, cc_info_socket(easy.handle, &socket) == CURLE_OK, socket >= 0 else {
            throw TransportError(result, easy: easy, endpoint: request.endpoint, hasHead: false)
        }
        self.easy = easy
        endpoint = request.endpoint
        secured = socket
    }

    /// Why the secured side failed, or nil if it ended normally.
    var failure: TransportError? { broken.withLock { $0 } }

    /// Opens the near end. Call it once.
    func open(_ bell: WatchedSocket.Bell) throws -> WatchedSocket {
        var ends: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        guard socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0 else {
            throw TransportError(kind: .other, errno: errno, detail: "cannot create a pair of sockets")
        }
        let near = WatchedSocket(ends[0], bell)
        let far = ends[1]
        let thread = PosixThread.start { [self] in
            pass(far)
            close(far)
        }
        guard let thread else {
            close(far)
            throw TransportError(kind: .other, errno: EAGAIN, detail: "cannot start a thread for the connection")
        }
        thread.detach()
        return near
    }

    private enum Step {
        case moved
        case waits
        /// The server's side ended.
        case over
        /// The near end is closed.
        case left
    }

    /// After the near end closes, its last bytes are passed on for this long.
    private static let drainTimeout: Duration = .seconds(2)

    /// Bytes in transit, at most one piece in each direction. While one side takes nothing, the other side is not read.
    private struct Load {
        var out: ArraySlice<UInt8> = []
        var back: ArraySlice<UInt8> = []
        /// Whether the near end may still write.
        var isOpen = true
    }

    private func pass(_ far: Int32) {
        var load = Load()
        while true {
            let steps = [receive(&load), deliver(&load, far), collect(&load, far), send(&load)]
            if steps.contains(.over) { return }
            // Wait only when nothing moves: the socket does not signal bytes that TLS has already decrypted.
            if steps.contains(.left) || !steps.contains(.moved) && !wait(load, far) { return sendRest(&load, far) }
        }
    }

    /// Sends what the near end wrote before it closed. Bytes from the server are read and dropped, so that the server can keep reading.
    private func sendRest(_ load: inout Load, _ far: Int32) {
        let end = ContinuousClock.now + Self.drainTimeout
        while ContinuousClock.now < end {
            load.back = []
            let steps = [receive(&load), collect(&load, far), send(&load)]
            if steps.contains(.over) || steps.contains(.left) { return }
            if steps[1] == .moved || steps[2] == .moved { continue }
            if load.out.isEmpty { return }
            guard steps[0] != .moved else { continue }
            var server = pollfd(fd: secured, events: Int16(POLLIN | POLLOUT), revents: 0)
            poll(&server, 1, Int32(max(1, ContinuousClock.now.duration(to: end).wholeMilliseconds)))
        }
    }

    private func receive(_ load: inout Load) -> Step {
        guard load.back.isEmpty else { return .waits }
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        var count = 0
        let code = cc_easy_recv(easy.handle, &piece, piece.count, &count)
        load.back = piece[..<count]
        return step(code, isOver: count == 0)
    }

    private func deliver(_ load: inout Load, _ far: Int32) -> Step {
        guard !load.back.isEmpty else { return .waits }
        let count = load.back.withUnsafeBytes { Glibc.send(far, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { return errno == EAGAIN ? .waits : errno == EINTR ? .moved : .left }
        load.back.removeFirst(count)
        return .moved
    }

    private func collect(_ load: inout Load, _ far: Int32) -> Step {
        guard load.isOpen, load.out.isEmpty else { return .waits }
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        let count = recv(far, &piece, piece.count, 0)
        guard count >= 0 else { return errno == EAGAIN ? .waits : errno == EINTR ? .moved : .left }
        load.out = piece[..<count]
        if count == 0 {
            // libcurl cannot end one direction of TLS. The other side also understands the end of the connection.
            load.isOpen = false
            shutdown(secured, Int32(SHUT_WR))
        }
        return .moved
    }

    private func send(_ load: inout Load) -> Step {
        guard !load.out.isEmpty else { return .waits }
        var count = 0
        let code = load.out.withUnsafeBytes { cc_easy_send(easy.handle, $0.baseAddress, $0.count, &count) }
        load.out.removeFirst(count)
        return step(code, isOver: false)
    }

    private func step(_ code: CURLcode, isOver: Bool) -> Step {
        if code == CURLE_OK { return isOver ? .over : .moved }
        if code == CURLE_AGAIN { return .waits }
        broken.withLock { $0 = TransportError(code, easy: easy, endpoint: endpoint, hasHead: false) }
        return .over
    }

    /// Waits for either side. Returns false if the near end is closed.
    private func wait(_ load: Load, _ far: Int32) -> Bool {
        let fromFar = load.isOpen && load.out.isEmpty ? POLLIN : 0
        let toFar = load.back.isEmpty ? 0 : POLLOUT
        let fromServer = load.back.isEmpty ? POLLIN : 0
        let toServer = load.out.isEmpty ? 0 : POLLOUT
        // poll(2) reports a failed socket again and again until it is read. So leave it out while nothing is needed from it.
        let server = fromServer | toServer == 0 ? -1 : secured
        var descriptors = [
            // Always included, to notice its end.
            pollfd(fd: far, events: Int16(fromFar | toFar), revents: 0),
            pollfd(fd: server, events: Int16(fromServer | toServer), revents: 0),
        ]
        poll(&descriptors, 2, -1)
        return descriptors[0].revents & Int16(POLLHUP) == 0
    }
}
