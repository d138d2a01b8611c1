import LabSupport

/// The bytes of one answer on their way from the loop's thread to one consumer.
///
/// At the high water mark the channel refuses, the transfer pauses and the kernel's buffers fill up: that stops the sender. Fill
/// level and pause change under one lock, or a resume would be lost between "full" and "paused".
final class BodyChannel: Sendable {
    /// Small pieces are joined up to this size while the consumer is elsewhere.
    private static let joinLimit = 64 << 10

    private let state = Locked(BodyBuffer())
    private let highWater: Int
    private let resume: @Sendable () -> Void
    private let abort: @Sendable () -> Void

    /// `resume` asks the loop for more, `abort` ends the transfer; both may be called from any thread.
    init(highWater: Int, resume: @escaping @Sendable () -> Void, abort: @escaping @Sendable () -> Void) {
        self.highWater = highWater
        self.resume = resume
        self.abort = abort
    }

    // MARK: The loop's side

    /// How many bytes may be added now; 0 where the channel is full: it then asks for more when there is room again.
    ///
    /// A loop that knows its room gathers what libcurl hands over by the line, and hands it on here once a round.
    func room() -> Int {
        state.withLock { state in
            let isAwaited = state.pieces.isEmpty && state.waiter != nil
            guard state.end == nil, state.byteCount >= highWater, !isAwaited else { return max(1, highWater - state.byteCount) }
            state.isPaused = true
            return 0
        }
    }

    /// Takes all of the bytes, except where nobody will read them.
    func add(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        state.withLock { state in
            if state.end == nil { state.append(bytes, joiningUpTo: Self.joinLimit) }
        }
    }

    /// Wakes a waiting consumer. Apart from `add`, so that all lines of one read make one wake-up.
    func flush() {
        let (waiter, step) = state.withLock { state -> (CheckedContinuation<[UInt8]?, any Error>?, BodyStep) in
            guard let waiter = state.waiter, !state.pieces.isEmpty else { return (nil, .nothing(resumes: false)) }
            state.waiter = nil
            return (waiter, state.take(highWater: highWater))
        }
        if let waiter { deliver(step, to: waiter) }
    }

    /// What was buffered is still read; the first end counts.
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

    /// The next piece, nil at the end. One consumer at a time.
    func next() async throws -> [UInt8]? {
        if !Task.isCancelled, let piece = try takeAtOnce() { return piece }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait($0) }
        } onCancel: {
            discard(because: CancellationError())
        }
    }

    /// Nobody will read on.
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
                return .end(.failure(TransportError(kind: .badRequest, detail: "a body has one reader at a time")))
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

/// What waits between the two sides.
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

/// What a consumer finds.
private enum BodyStep {
    case piece([UInt8], resumes: Bool)
    case end(Result<Void, any Error>)
    case nothing(resumes: Bool)
}
