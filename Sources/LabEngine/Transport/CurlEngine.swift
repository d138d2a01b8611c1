import CCurl
import Glibc

/// The transport's loop. Only its own thread creates and uses it.
final class CurlEngine {
    /// Limits the delay that a lost wake-up can cause.
    private static let pollLimit: Duration = .seconds(1)

    private let loop: CurlLoop
    private let multi: UnsafeMutableRawPointer
    private let round = LoopRound()
    private var live: [UInt64: Transfer] = [:]
    private var admission = SocketAdmission()
    private var isStopping = false

    init(loop: CurlLoop, multi: UnsafeMutableRawPointer) {
        self.loop = loop
        self.multi = multi
    }

    func run() {
        while !isStopping {
            round.begin()
            var running: Int32 = 0
            cc_multi_perform(multi, &running)
            collectFinished()
            round.flushReceived()
            expireDeadlines()
            let started = startAdmitted()
            let commands = loop.takeCommands()
            for command in commands { obey(command) }
            round.flushReceived()
            if commands.isEmpty, !started { wait() }
        }
        tearDown()
    }

    private func obey(_ command: CurlLoop.Command) {
        switch command {
        case .start(let transfer):
            accept(transfer)
        case .resume(let id):
            live[id]?.resume()
        case .cancel(let id):
            if let transfer = live[id] { end(transfer) { $0.finish(throwing: CancellationError()) } }
        case .stop:
            isStopping = true
        }
    }

    // MARK: Beginning

    private func accept(_ transfer: Transfer) {
        // A cancellation can overtake the start. It then finds no transfer to cancel, but it settles the head.
        guard !transfer.head.isSettled else { return }
        transfer.accepted()
        live[transfer.id] = transfer
        if case .unix(let path) = transfer.request.endpoint {
            admission.enqueue(transfer, at: path)
        } else {
            start(transfer)
        }
    }

    private func startAdmitted() -> Bool {
        for transfer in live.values where transfer.deadlines.hasHead { admission.release(transfer) }
        let admitted = admission.admit(now: round.now)
        for transfer in admitted { start(transfer) }
        return !admitted.isEmpty
    }

    private func start(_ transfer: Transfer) {
        guard let handle = transfer.prepare(in: round) else {
            live[transfer.id] = nil
            return
        }
        cc_multi_add_handle(multi, handle)
    }

    // MARK: Ending

    private func collectFinished() {
        var left: Int32 = 0
        while let message = cc_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            // Read both before the removal, which frees the message.
            let code = cc_msg_result(message)
            var context: UnsafeMutableRawPointer?
            _ = cc_info_ptr(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
            guard let transfer = Transfer.from(context) else { continue }
            if transfer.canTryAgain(after: code), case .unix(let path) = transfer.request.endpoint {
                if let easy = transfer.easy { cc_multi_remove_handle(multi, easy.handle) }
                transfer.forgetAttempt()
                admission.retry(transfer, at: path)
            } else {
                end(transfer) { $0.finish(code) }
            }
        }
    }

    /// Ends a transfer. The handle must leave the multi handle before `finish` frees it. Never call this inside a callback.
    private func end(_ transfer: Transfer, finish: (Transfer) -> Void) {
        if let easy = transfer.easy { cc_multi_remove_handle(multi, easy.handle) }
        admission.release(transfer)
        live[transfer.id] = nil
        finish(transfer)
    }

    private func expireDeadlines() {
        for transfer in live.values {
            guard let limit = transfer.deadlines.next, limit.at <= round.now else { continue }
            end(transfer) { $0.finish(throwing: limit.error) }
        }
    }

    private func tearDown() {
        for case .start(let transfer) in loop.closeMailbox() { transfer.finish(throwing: CancellationError()) }
        for transfer in live.values { end(transfer) { $0.finish(throwing: CancellationError()) } }
        cc_multi_cleanup(multi)
    }

    // MARK: Waiting

    private static let pauseLimit = Duration.milliseconds(20)

    private func wait() {
        if let pacing = round.pacing {
            // The loop ignores all other transfers during the pause, so the pause has a limit.
            let delivery = round.nextDelivery.map { ContinuousClock.now.duration(to: $0) } ?? pacing
            loop.pause(for: max(.milliseconds(1), min(pacing, Self.pauseLimit, delivery)))
            return
        }
        var end = round.now + Self.pollLimit
        for transfer in live.values {
            if let limit = transfer.deadlines.next { end = min(end, limit.at) }
        }
        if let release = admission.nextRelease { end = min(end, release) }
        if let delivery = round.nextDelivery { end = min(end, delivery) }
        let time = ContinuousClock.now.duration(to: end).wholeMilliseconds
        cc_multi_poll(multi, Int32(time))
    }
}
