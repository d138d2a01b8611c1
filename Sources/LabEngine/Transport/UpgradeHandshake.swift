import Glibc
import LabSupport

/// Upgrades a connection from HTTP. It speaks the protocol itself, on its own thread.
///
/// libcurl supports no upgrade except WebSocket's, and it does not give its connections away. The thread lives only for the handshake.
/// After that, the connection's user polls it. Over TLS, the connection is the near end of a `TLSTunnel`.
final class UpgradeHandshake: Sendable {
    private static let refusalLimit = 64 << 10
    /// Limits the wait for the rest of a refusal, which serves only as a message.
    private static let refusalTimeout: Duration = .seconds(2)

    private let request: HTTPRequest
    private let bytes: [UInt8]
    private let outcome = OneShot<RawConnection>()
    private let bell = WatchedSocket.Bell()
    private let observers: TransferObservers

    init(_ request: HTTPRequest, observers: TransferObservers) throws {
        try request.validate()
        self.request = request
        self.observers = observers
        bytes = try request.upgradeBytes()
    }

    /// Performs the handshake. A cancelled task gets its error at once, and the thread ends later by itself.
    func connection() async throws -> RawConnection {
        let thread = PosixThread.start { [self] in outcome.settle(Result { try observed() }) }
        guard let thread else { throw TransportError(kind: .other, errno: EAGAIN, detail: "cannot start a thread for the connection") }
        thread.detach()
        return try await outcome.value { [bell] in bell.ring() }
    }

    private func observed() throws -> RawConnection {
        observers.began(request.endpoint)
        var times = Times()
        var outcome = TransferOutcome(endpoint: request.endpoint, isStream: true)
        defer {
            outcome.timings = times.timings
            observers.ended(outcome)
        }
        do {
            let connection = try run(&times)
            outcome.status = times.status
            return connection
        } catch {
            outcome.status = (error as? HTTPStatusError)?.status
            if outcome.status == nil { outcome.failure = (error as? TransportError)?.kind ?? .cancelled }
            throw error
        }
    }

    /// When each phase of the handshake ended.
    private struct Times {
        let start = ContinuousClock.now
        var connected: Duration?
        var sent: Duration?
        var answered: Duration?
        var status: Int?

        /// Nil if no response came. `connect` includes the name lookup.
        var timings: TransferTimings? {
            guard let connected, let sent, let answered else { return nil }
            return TransferTimings(
                nameLookup: .zero, connect: connected, secured: connected, ready: connected, sent: sent, firstByte: answered,
                total: answered)
        }
    }

    private func run(_ times: inout Times) throws -> RawConnection {
        let start = times.start
        let limit = [request.headTimeout, request.totalTimeout].compactMap { $0 }.min()
        let deadline = limit.map { start + $0 }
        let connectBy = min(start + request.connectTimeout, deadline ?? start + request.connectTimeout)
        let tunnel = request.endpoint.isTLS ? try TLSTunnel(request, by: connectBy) : nil
        let socket = try tunnel?.open(bell) ?? WatchedSocket.connect(to: request.endpoint, by: connectBy, bell: bell)
        times.connected = start.duration(to: .now)
        try socket.write(bytes, by: deadline)
        times.sent = start.duration(to: .now)
        var received = HeadReader()
        while received.head == nil {
            let piece = try socket.read(by: deadline)
            if times.answered == nil { times.answered = start.duration(to: .now) }
            guard !piece.isEmpty else {
                throw tunnel?.failure ?? TransportError(kind: .reset, detail: "the server closed the connection before its response")
            }
            try received.append(piece)
        }
        guard let head = received.head else { throw TransportError(kind: .malformedResponse, detail: "no head") }
        times.status = head.status
        guard head.status == 101 || head.status == 200 else {
            throw HTTPStatusError(status: head.status, body: try Self.refusal(head, received.rest, socket))
        }
        return RawConnection(descriptor: socket.take(), early: received.rest)
    }

    /// Reads the rest of a refusal's body as its head announces it. An incomplete body is better than none.
    private static func refusal(_ head: ResponseHead, _ early: [UInt8], _ socket: WatchedSocket) throws -> [UInt8] {
        let deadline = ContinuousClock.now + refusalTimeout
        let isChunked = head.headers["Transfer-Encoding"]?.lowercased() == "chunked"
        let length = isChunked ? refusalLimit : try self.length(head)
        var raw = early
        while raw.count < length {
            if isChunked, let body = ChunkedBody(raw), body.isComplete { break }
            guard let piece = try? socket.read(by: deadline), !piece.isEmpty else { break }
            raw += piece
        }
        guard isChunked else { return Array(raw.prefix(length)) }
        guard let body = ChunkedBody(raw) else {
            throw TransportError(kind: .malformedResponse, detail: "the response \(head.status) has a chunk without a sensible size")
        }
        return body.bytes
    }

    /// How much of the body to read. A server may announce any number.
    private static func length(_ head: ResponseHead) throws -> Int {
        guard let announced = head.headers["Content-Length"] else { return refusalLimit }
        guard let length = Int(announced), length >= 0 else {
            throw TransportError(
                kind: .malformedResponse, detail: "the response \(head.status) has the Content-Length \(announced.prefix(40))")
        }
        return min(length, refusalLimit)
    }
}

/// Separates a head from the bytes that follow it.
private struct HeadReader {
    private static let limit = 64 << 10
    private var parser = HeadParser()
    private(set) var head: ResponseHead?
    private(set) var rest: [UInt8] = []

    mutating func append(_ piece: [UInt8]) throws {
        rest += piece
        while head == nil, let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            head = rest[...end].withUnsafeBytes { parser.take($0) }
            rest.removeFirst(end + 1)
        }
        if head == nil, rest.count > Self.limit {
            throw TransportError(kind: .malformedResponse, detail: "a header line of more than \(Self.limit) bytes")
        }
    }
}

/// The part of a chunked body that has arrived. Nil if the bytes are not a chunked body.
struct ChunkedBody {
    /// No server sends a larger one.
    private static let largestChunk = 1 << 40

    private(set) var bytes: [UInt8] = []
    private(set) var isComplete = false

    init?(_ raw: [UInt8]) {
        var rest = raw[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: rest[..<end], as: UTF8.self).prefix { $0.isHexDigit }
            guard let count = Int(line, radix: 16), count <= Self.largestChunk else { return nil }
            let content = rest[(end + 1)...]
            bytes += content.prefix(count)
            isComplete = count == 0
            // A line end follows the chunk.
            guard !isComplete, content.count > count + 2 else { return }
            rest = content.dropFirst(count + 2)
        }
    }
}

extension HTTPRequest {
    /// The whole request as sent to the server.
    fileprivate func upgradeBytes() throws -> [UInt8] {
        var content: [UInt8] = []
        switch body {
        case .bytes(let bytes): content = bytes
        case .none: break
        case .file, .produced: throw TransportError(kind: .badRequest, detail: "an upgrade must have its body as bytes")
        }
        var fields = headers
        if fields["Host"] == nil { fields.append("Host", endpoint.authority) }
        if fields["Connection"] == nil { fields.append("Connection", "Upgrade") }
        if fields["Upgrade"] == nil { fields.append("Upgrade", "tcp") }
        if fields["Content-Length"] == nil { fields.append("Content-Length", String(content.count)) }
        let lines = fields.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return Array("\(method) \(target) HTTP/1.1\r\n\(lines)\r\n".utf8) + content
    }
}
