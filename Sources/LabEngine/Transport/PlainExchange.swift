import Glibc

/// One request over a unix socket, spoken by hand on a thread of its own.
///
/// Nearly all that an engine is asked is small, and loading libcurl with the libraries behind it takes longer than the answer, and
/// more memory than all else: decision 0009. What libcurl is better at stays there: `takes` says which requests come here.
final class PlainExchange: Sendable {
    private static let pieceSize = 64 << 10
    /// A paced reader empties the socket in one go.
    private static let pacedSize = 512 << 10
    private static let longestPause = Duration.milliseconds(20)
    /// What a socket's buffer takes at once, so that no server can keep us from hearing its answer.
    private static let longestBody = 64 << 10

    let head = OneShot<ResponseHead>()
    let channel: BodyChannel
    let report = TransferReport()
    private let request: HTTPRequest
    private let bytes: [UInt8]
    private let stopBell: WatchedSocket.Bell
    private let roomBell: WatchedSocket.Bell
    private let observers: TransferObservers

    /// Whether the request is one for this code: to a unix socket, and nothing to be streamed up.
    static func takes(_ request: HTTPRequest) -> Bool {
        guard case .unix = request.endpoint, !request.followsRedirects else { return false }
        switch request.body {
        case .none: return true
        case .bytes(let bytes): return bytes.count <= longestBody
        case .file, .produced: return false
        }
    }

    /// Throws where the request itself cannot be sent. `highWater` is how much of the answer waits for a slow reader.
    init(_ request: HTTPRequest, highWater: Int, observers: TransferObservers) throws {
        try request.validate()
        let stop = WatchedSocket.Bell()
        let room = WatchedSocket.Bell()
        self.request = request
        bytes = request.plainBytes
        stopBell = stop
        roomBell = room
        self.observers = observers
        channel = BodyChannel(highWater: highWater, resume: { room.ring() }, abort: { stop.ring() })
    }

    /// Ends it from another thread; whoever waits gets `CancellationError`.
    func cancel() {
        head.settle(.failure(CancellationError()))
        channel.discard(because: CancellationError())
    }

    /// Carries it out, on a thread that may wait.
    func run() {
        // A cancellation that overtook the start.
        guard !head.isSettled else { return }
        observers.began(request.endpoint)
        var course = Course()
        do {
            try exchange(&course)
            conclude(course, nil)
            channel.finish(.success(()))
        } catch {
            conclude(course, error)
            head.settle(.failure(error))
            channel.finish(.failure(error))
        }
    }

    /// How far it got, and when.
    private struct Course {
        let start = ContinuousClock.now
        var connect = Duration.zero
        var sent = Duration.zero
        var firstByte: Duration?
        var status: Int?

        var now: Duration { start.duration(to: .now) }
    }

    /// Its timings, and a word to who observes: before anybody learns of the end, so that who does finds them.
    private func conclude(_ course: Course, _ error: (any Error)?) {
        let isLeft = error is CancellationError && course.status != nil
        if course.status != nil || !(error is CancellationError) {
            report.record(
                TransferTimings(
                    nameLookup: .zero, connect: course.connect, secured: course.connect, ready: course.connect, sent: course.sent,
                    firstByte: course.firstByte ?? course.sent, total: course.now))
        }
        let failure = error.map { ($0 as? TransportError)?.kind ?? ($0 is CancellationError ? .cancelled : .other) }
        observers.ended(
            TransferOutcome(
                endpoint: request.endpoint, status: course.status, failure: isLeft ? nil : failure, timings: report.timings,
                isStream: isLeft || request.isStream))
    }

    private func exchange(_ course: inout Course) throws {
        var deadlines = TransferDeadlines(request, start: course.start)
        let socket = try WatchedSocket.connect(to: request.endpoint, by: connectBy(course.start, deadlines), bell: stopBell)
        course.connect = course.now
        course.sent = course.connect
        try socket.write(bytes, by: deadlines.next)
        course.sent = course.now
        var reader = HeadReader()
        var parser = AnswerParser()
        parser.reset(method: request.method == "HEAD")
        var body = AnswerBody(keeps: true)
        var pending: [UInt8] = []
        while !parser.isDone {
            try waitForRoom(socket, &deadlines)
            let piece = try socket.read(atMost: request.readPacing == nil ? Self.pieceSize : Self.pacedSize, by: deadlines.next)
            deadlines.lastProgress = .now
            guard !piece.isEmpty else {
                if parser.endOfStream() { break }
                throw TransportError(kind: .reset, detail: "the server hung up \(deadlines.hasHead ? "within" : "before") its answer")
            }
            if course.firstByte == nil { course.firstByte = course.now }
            if !deadlines.hasHead { try reader.append(piece) }
            pending = pending.isEmpty ? piece : pending + piece
            try take(&pending, &parser, &body)
            if !deadlines.hasHead, let head = reader.head {
                deadlines.hasHead = true
                course.status = head.status
                self.head.settle(.success(head))
            }
            channel.add(body.bytes)
            channel.flush()
            if let pacing = request.readPacing, !parser.isDone { try socket.sleep(min(pacing, Self.longestPause)) }
        }
    }

    private func connectBy(_ start: ContinuousClock.Instant, _ deadlines: TransferDeadlines) -> ContinuousClock.Instant {
        min(start + request.connectTimeout, deadlines.next?.at ?? start + request.connectTimeout)
    }

    /// What the parser did not take stays in `pending` until more comes behind it.
    private func take(_ pending: inout [UInt8], _ parser: inout AnswerParser, _ body: inout AnswerBody) throws {
        body.reset()
        do {
            let used = try pending.withUnsafeBytes { try parser.feed($0, body: &body) }
            pending.removeFirst(used)
        } catch let error as AnswerParser.Malformed {
            throw TransportError(kind: .malformedResponse, detail: error.detail)
        }
    }

    /// Waits while the reader is behind: the kernel's buffers fill up, and that stops the server.
    private func waitForRoom(_ socket: WatchedSocket, _ deadlines: inout TransferDeadlines) throws {
        while true {
            if channel.isDiscarded { throw CancellationError() }
            // The head is not for the reader of the body, who comes after it.
            guard deadlines.hasHead, channel.room() == 0 else { return }
            deadlines.isPaused = true
            try socket.wait(for: roomBell, until: deadlines.next)
            deadlines.isPaused = false
            deadlines.lastProgress = .now
        }
    }
}

/// The exchanges of one client.
final class PlainExchanges: Sendable {
    private struct State {
        var isOpen = true
        var running: [ObjectIdentifier: PlainExchange] = [:]
    }

    private let state = Locked(State())

    /// Starts it on a thread; throws where this client has ended or the system has no thread.
    func start(_ exchange: PlainExchange) throws {
        let id = ObjectIdentifier(exchange)
        let isOpen = state.withLock { state in
            if state.isOpen { state.running[id] = exchange }
            return state.isOpen
        }
        guard isOpen else { throw TransportError(kind: .cancelled, detail: "the transport has ended") }
        let thread = PosixThread.start { [state] in
            exchange.run()
            state.withLock { $0.running[id] = nil }
        }
        guard let thread else {
            state.withLock { $0.running[id] = nil }
            throw TransportError(kind: .other, errno: EAGAIN, detail: "no thread for the request")
        }
        thread.detach()
    }

    /// Ends what runs, and refuses what comes later.
    func shutdown() {
        let running = state.withLock { state in
            state.isOpen = false
            return Array(state.running.values)
        }
        for exchange in running { exchange.cancel() }
    }
}

extension HTTPRequest {
    /// The whole request as it goes over a connection that serves no other.
    fileprivate var plainBytes: [UInt8] {
        var content: [UInt8] = []
        if case .bytes(let bytes) = body { content = bytes }
        var fields = headers
        if fields["Host"] == nil { fields.append("Host", "localhost") }
        if fields["Accept"] == nil { fields.append("Accept", "*/*") }
        // Methods that usually carry a body say that theirs is empty: some servers answer 411 to a POST without a length.
        if body != nil || ["POST", "PUT", "PATCH"].contains(method) { fields.append("Content-Length", String(content.count)) }
        fields.append("Connection", "close")
        let lines = fields.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return Array("\(method) \(target) HTTP/1.1\r\n\(lines)\r\n".utf8) + content
    }
}
