import CCurl
import Glibc
import Synchronization

/// One request in progress.
///
/// `@unchecked Sendable`: after the transfer is submitted, only the loop's thread touches its mutable state. Other threads use `id`,
/// `head`, `channel` and `report`, which have their own locks.
final class Transfer: @unchecked Sendable {
    private static let ids = Atomic<UInt64>(0)

    let id: UInt64
    let request: HTTPRequest
    let head = OneShot<ResponseHead>()
    let channel: BodyChannel
    let report = TransferReport()
    let upload: UploadSource?
    private(set) var easy: CurlEasy?
    var deadlines: TransferDeadlines
    /// Whether the loop knows that this transfer has bytes to deliver.
    var isNoted = false
    private var parser = HeadParser()
    private let observers: TransferObservers
    private var isBegun = false
    private var status: Int?
    /// When libcurl got the request; how long after that the upload's last byte was taken and the response began.
    private var begun = ContinuousClock.now
    private var sent: Duration?
    private var answered: Duration?
    private var failure: (any Error)?
    private var round: LoopRound?
    /// The bytes since the last delivery, and how many more the channel has room for.
    private var gathered: [UInt8] = []
    private var room = 0
    private var delivered: ContinuousClock.Instant?
    /// So many bytes are delivered before their time.
    private static let gatheringLimit = 128 << 10

    /// Throws if the request itself is invalid. `highWater` is how many bytes of the response wait for a slow reader.
    init(_ request: HTTPRequest, highWater: Int, loop: CurlLoop) throws {
        try request.validate()
        let id = Self.ids.add(1, ordering: .relaxed).newValue
        self.id = id
        self.request = request
        channel = BodyChannel(
            highWater: highWater, resume: { loop.submit(.resume(id)) }, abort: { loop.submit(.cancel(id)) })
        upload = try request.uploadSource()
        observers = loop.observers
        deadlines = TransferDeadlines(request, start: .now)
        // libcurl never asks for an empty body, so the read callback would never end that upload.
        deadlines.isUploading = upload != nil && upload?.length != 0
    }

    // MARK: On the loop's thread

    /// The loop has accepted the transfer, so it will also finish it.
    func accepted() {
        isBegun = true
        observers.began(request.endpoint)
    }

    /// Creates the easy handle. If libcurl refuses, the transfer fails and the result is nil.
    func prepare(in round: LoopRound) -> UnsafeMutableRawPointer? {
        guard let easy = CurlEasy() else {
            finish(throwing: TransportError(kind: .other, detail: "libcurl has no memory for the request"))
            return nil
        }
        self.easy = easy
        self.round = round
        begun = .now
        sent = nil
        answered = nil
        easy.apply(request, uploading: upload)
        easy.connectCallbacks(to: Unmanaged.passUnretained(self).toOpaque(), uploads: upload != nil)
        if let refusal = easy.refusal {
            let detail = easy.explanation(of: refusal)
            finish(throwing: TransportError(kind: .badRequest, curlCode: refusal.rawValue, detail: detail))
            return nil
        }
        return easy.handle
    }

    /// Whether a unix socket's backlog was full and there is still time to connect.
    ///
    /// TCP would wait by itself. libcurl takes the system's EAGAIN for a connection in progress and then fails without an errno.
    func canTryAgain(after code: CURLcode) -> Bool {
        guard code == CURLE_COULDNT_CONNECT, case .unix = request.endpoint, let easy, let round else { return false }
        return easy.long(CURLINFO_OS_ERRNO) == 0 && deadlines.allowsConnecting(at: round.now)
    }

    /// Returns to the state before `prepare`. The handle must have left the multi handle.
    func forgetAttempt() { close() }

    /// Ends the transfer with libcurl's result.
    func finish(_ code: CURLcode) {
        if let failure { return finish(throwing: failure) }
        guard code == CURLE_OK, head.isSettled else { return finish(throwing: error(for: code)) }
        handOver()
        conclude(nil)
        channel.finish(.success(()))
        close()
    }

    /// Ends the transfer with our own error. The handle must have left the multi handle.
    func finish(throwing error: any Error) {
        conclude(error)
        head.settle(.failure(error))
        handOver()
        channel.finish(.failure(error))
        close()
    }

    /// Records the timings and tells the observers. This must happen before anyone learns of the end, so that they find the timings.
    private func conclude(_ error: (any Error)?) {
        let isLeft = error is CancellationError && status != nil
        if let easy, error == nil || status != nil || !(error is CancellationError) {
            let times = upload == nil ? nil : answered.map { (sent: sent ?? $0, answered: $0) }
            report.record(from: easy, upload: times)
        }
        guard isBegun else { return }
        isBegun = false
        let failure = error.map { ($0 as? TransportError)?.kind ?? ($0 is CancellationError ? .cancelled : .uploadFailed) }
        observers.ended(
            TransferOutcome(
                endpoint: request.endpoint, status: status, failure: isLeft ? nil : failure, timings: report.timings,
                isStream: isLeft || request.isStream))
    }

    /// Continues for a reader that wants more. libcurl delivers the bytes that it kept before this returns.
    func resume() {
        deadlines.isPaused = false
        noteProgress()
        if let easy { cc_easy_pause(easy.handle, CURLPAUSE_CONT) }
    }

    private func close() {
        easy = nil
        round = nil
    }

    private func error(for code: CURLcode) -> TransportError {
        guard code != CURLE_OK, let easy else {
            return TransportError(kind: .malformedResponse, detail: "the response ended before its head was complete")
        }
        return TransportError(code, easy: easy, endpoint: request.endpoint, hasHead: deadlines.hasHead)
    }

    private func noteProgress() {
        if let round { deadlines.lastProgress = round.now }
    }
}

// MARK: - What libcurl calls

extension Transfer {
    /// One line of a head.
    func receiveHeader(_ line: UnsafeRawBufferPointer) {
        if answered == nil { answered = begun.duration(to: .now) }
        guard !deadlines.hasHead, let head = parser.take(line) else { return }
        parser = HeadParser()
        let isFollowed = request.followsRedirects && (300..<400).contains(head.status) && head.headers["Location"]?.isEmpty == false
        guard !isFollowed else { return }
        deadlines.hasHead = true
        status = head.status
        noteProgress()
        self.head.settle(.success(head))
    }

    /// A piece of the body. Returns false to pause the transfer.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // libcurl delivers chunk by chunk, and a log has one chunk for each line. So only the first chunk of a round asks for room.
        if room <= 0 {
            handOver()
            room = channel.room()
            guard room > 0 else {
                deadlines.isPaused = true
                return false
            }
        }
        gathered.append(contentsOf: bytes)
        room -= bytes.count
        noteProgress()
        round?.noteReceived(self, bytes.count)
        return true
    }

    /// When the gathered bytes must be delivered. Nil: now.
    var due: ContinuousClock.Instant? {
        guard let pacing = request.deliveryPacing, let delivered, !gathered.isEmpty, gathered.count < Self.gatheringLimit,
            !deadlines.isPaused
        else {
            return nil
        }
        return delivered + pacing
    }

    /// Delivers the gathered bytes and wakes the reader.
    func deliver(at time: ContinuousClock.Instant) {
        delivered = time
        handOver()
        channel.flush()
    }

    /// Passes the gathered bytes on, without waking the reader.
    func handOver() {
        room = 0
        guard !gathered.isEmpty else { return }
        channel.add(gathered)
        gathered = []
    }

    /// Fills libcurl's upload buffer. Nil if the source failed.
    func send(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard let upload else { return 0 }
        round?.noteSent()
        noteProgress()
        do {
            let count = try upload.read(into: buffer)
            deadlines.isUploading = !upload.isComplete
            if upload.isComplete, sent == nil { sent = begun.duration(to: .now) }
            return count
        } catch {
            failure = error
            return nil
        }
    }

    /// Returns to an earlier byte of the upload, after a reused connection turned out to be dead.
    func seek(to position: Int64) -> Bool { upload?.rewind(to: position) ?? false }
}
