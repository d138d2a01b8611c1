import LabSupport

/// Passes the bytes of one response from the loop's thread to one consumer.
///
/// When the channel is full (the high-water mark), it refuses bytes and the transfer pauses. The kernel's buffers then fill up, which
/// stops the sender. Fill level and pause change under one lock. Otherwise a resume between "full" and "paused" would be lost.
final class BodyChannel: Sendable {
    /// While the consumer is busy, small pieces are joined up to this size.
    private static let joinLimit = 64 << 10

    private let state = Locked(BodyBuffer())
    private let highWater: Int
    private let resume: @Sendable () -> Void
    private let abort: @Sendable () -> Void

    /// `resume` asks the loop for more; `abort` ends the transfer. Any thread may call them.
    init(highWater: Int, resume: @escaping @Sendable () -> Void, abort: @escaping @Sendable () -> Void) {
        self.highWater = highWater
        self.resume = resume
        self.abort = abort
    }

    // MARK: The loop's side

    /// How many bytes may be added now. If the channel is full, returns 0 and asks for more when there is room again.
    ///
    /// libcurl passes on some bodies line by line. A loop that knows the room collects the lines and adds them once a round.
    func room() -> Int {
        state.withLock { state in
            let isAwaited = state.pieces.isEmpty && state.waiter != nil
            guard state.end == nil, state.byteCount >= highWater, !isAwaited else { return max(1, highWater - state.byteCount) }
            state.isPaused = true
            return 0
        }
    }

    /// Takes all of the bytes, or drops them if nobody will read them.
    func add(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        state.withLock { state in
            if state.end == nil { state.append(bytes, joiningUpTo: Self.joinLimit) }
        }
    }

    /// Wakes a waiting consumer. Separate from `add`, so that all lines of one read cause one wake-up.
    func flush() {
        let (waiter, step) = state.withLock { state -> (CheckedContinuation<[UInt8]?, any Error>?, BodyStep) in
            guard let waiter = state.waiter, !state.pieces.isEmpty else { return (nil, .nothing(resumes: false)) }
            state.waiter = nil
            return (waiter, state.take(highWater: highWater))
        }
        if let waiter { deliver(step, to: waiter) }
    }

    /// Ends the body. Buffered bytes can still be read. Only the first end counts.
    func finish(_ end: Result<Void, any Error>) {
        flush()
        let waiter = state.withLock { state -> CheckedContinuation<[UInt8]?, any Error>? in
            guard state.end == nil else { return nil }
            state.end = end
            defer { state.waiter = nil }
            return state.waiter
        }
        if let waiter { deliver(.end(end), to: waiter) }
    }

    // MARK: The consumer's side

    /// The next piece, or nil at the end. Only one consumer at a time.
    func next() async throws -> [UInt8]? {
        if !Task.isCancelled, let piece = try takeAtOnce() { return piece }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait($0) }
        } onCancel: {
            discard(because: CancellationError())
        }
    }

    /// Drops what is buffered and aborts the transfer, because nobody reads on.
    func discard(because error: any Error) {
        let (waiter, wasRunning) = state.withLock { state -> (CheckedContinuation<[UInt8]?, any Error>?, Bool) in
            let wasRunning = state.end == nil
            state.end = .failure(error)
            state.pieces = []
            state.byteCount = 0
            defer { state.waiter = nil }
            return (state.waiter, wasRunning)
        }
        waiter?.resume(throwing: error)
        if wasRunning { abort() }
    }

    private func takeAtOnce() throws -> [UInt8]? {
        let step = state.withLock { $0.pieces.isEmpty ? .nothing(resumes: false) : $0.take(highWater: highWater) }
        guard case .piece(let piece, let resumes) = step else { return nil }
        if resumes { resume() }
        return piece
    }

    private func wait(_ waiter: CheckedContinuation<[UInt8]?, any Error>) {
        let step = state.withLock { state -> BodyStep in
            guard state.waiter == nil else {
                return .end(.failure(TransportError(kind: .badRequest, detail: "a body can have only one reader at a time")))
            }
            let step = state.take(highWater: highWater)
            if case .nothing = step { state.waiter = waiter }
            return step
        }
        deliver(step, to: waiter)
    }

    private func deliver(_ step: BodyStep, to waiter: CheckedContinuation<[UInt8]?, any Error>) {
        switch step {
        case .piece(let piece, let resumes):
            if resumes { resume() }
            waiter.resume(returning: piece)
        case .end(let end):
            waiter.resume(with: end.map { nil })
        case .nothing(let resumes):
            if resumes { resume() }
        }
    }
}

/// The bytes between the two sides.
private struct BodyBuffer {
    var pieces: [[UInt8]] = []
    var byteCount = 0
    var isPaused = false
    var end: Result<Void, any Error>?
    var waiter: CheckedContinuation<[UInt8]?, any Error>?

    mutating func append(_ bytes: [UInt8], joiningUpTo limit: Int) {
        byteCount += bytes.count
        if let last = pieces.indices.last, pieces[last].count + bytes.count <= limit {
            pieces[last].append(contentsOf: bytes)
        } else {
            pieces.append(bytes)
        }
    }

    mutating func take(highWater: Int) -> BodyStep {
        guard !pieces.isEmpty else {
            if let end { return .end(end) }
            defer { isPaused = false }
            return .nothing(resumes: isPaused)
        }
        let piece = pieces.removeFirst()
        byteCount -= piece.count
        let resumes = isPaused && byteCount <= highWater / 2
        if resumes { isPaused = false }
        return .piece(piece, resumes: resumes)
    }
}

/// What a consumer finds in the buffer.
private enum BodyStep {
    case piece([UInt8], resumes: Bool)
    case end(Result<Void, any Error>)
    case nothing(resumes: Bool)
}
