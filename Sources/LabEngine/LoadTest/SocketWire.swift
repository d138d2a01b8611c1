import CSystem
import Glibc
import Telemetry

/// Sends plain HTTP over its own sockets, with one send and one receive for each request, and without allocations in between.
/// docs/decisions/0007 explains why it doesn't use libcurl.
final class SocketWire: LoadWire {
    weak var receiver: (any LoadReceiver)?
    private(set) var opened = 0
    var alarm: Int64? { nil }

    private let epoll: Int32
    private let target: LoadTarget
    private let address: LocalAddress
    private let isHead: [Bool]
    /// The bytes of the requests, each allocated once for the whole test.
    private let requests: [UnsafeRawBufferPointer]
    private let slots: [Slot]
    /// The receive buffer. Between two calls, it keeps only the beginning of an incomplete line or head.
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: SocketWire.scratchSize, alignment: 16)

    private static let scratchSize = 128 << 10

    private enum State {
        case closed
        case idle
        case connecting
        case sending
        case waiting
    }

    /// One connection and its request.
    private final class Slot {
        var descriptor: Int32 = -1
        var state = State.closed
        var parser = AnswerParser()
        var body = AnswerBody()
        var pending: [UInt8] = []
        var outcome: LoadOutcome
        var sentBytes = 0
        var interest: Int32 = 0
        /// The errno that prevented sending the complete request, or 0.
        var sendFailure: Int32 = 0

        init(_ index: Int) {
            outcome = LoadOutcome(slot: index, request: 0, start: 0)
        }
    }

    init(plan: LoadPlan, address: LocalAddress, epoll: Int32) {
        self.epoll = epoll
        target = plan.target
        self.address = address
        isHead = plan.requests.map { $0.method == "HEAD" }
        requests = plan.requests.map { request in
            let bytes = request.wire(host: plan.target.authority)
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
            copy.copyBytes(from: bytes)
            return UnsafeRawBufferPointer(copy)
        }
        slots = (0..<plan.pacing.connections).map { Slot($0) }
    }

    deinit {
        for slot in slots where slot.descriptor >= 0 { close(slot.descriptor) }
        for request in requests { request.deallocate() }
        scratch.deallocate()
    }

    func begin(_ index: Int, request: Int) {
        let slot = slots[index]
        slot.outcome = LoadOutcome(slot: index, request: request, start: LoadClock.now)
        slot.parser.reset(method: isHead[request])
        slot.body.reset()
        slot.pending.removeAll(keepingCapacity: true)
        slot.sentBytes = 0
        slot.sendFailure = 0
        if slot.descriptor >= 0 { send(slot) } else { connect(slot) }
    }

    func ready(_ token: UInt64, _ readiness: Int32) {
        let slot = slots[Int(token)]
        switch slot.state {
        case .closed: break
        // On an idle connection, the only expected event is its end.
        case .idle: hangUp(slot)
        case .connecting: connected(slot)
        case .sending:
            if readiness & Int32(CS_EPOLL_WRITE) != 0 { send(slot) }
            if slot.state != .sending { break }
            if readiness & Int32(CS_EPOLL_READ | CS_EPOLL_BROKEN) != 0 { receive(slot) }
        case .waiting: receive(slot)
        }
    }

    func tick() {}

    func abandon(_ index: Int, _ failure: LoadFailure) { fail(slots[index], failure) }

    // MARK: - Connecting

    private func connect(_ slot: Slot) {
        let family = address.bytes.count == 4 ? AF_INET : AF_INET6
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        slot.descriptor = socket(family, kind, 0)
        guard slot.descriptor >= 0 else { return fail(slot, .connect, errno) }
        opened += 1
        var one: Int32 = 1
        setsockopt(slot.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        slot.state = .connecting
        let result = address.withSocketAddress(port: target.port) { Glibc.connect(slot.descriptor, $0, $1) }
        if result == 0 { return connected(slot) }
        guard errno == EINPROGRESS else { return fail(slot, LoadFailure(errno: errno, connecting: true), errno) }
        watch(slot, Int32(CS_EPOLL_WRITE))
    }

    private func connected(_ slot: Slot) {
        var number: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(slot.descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
        guard number == 0 else { return fail(slot, LoadFailure(errno: number, connecting: true), number) }
        slot.outcome.connected = LoadClock.now
        send(slot)
    }

    private func watch(_ slot: Slot, _ interest: Int32) {
        guard slot.interest != interest else { return }
        slot.interest = interest
        cs_epoll_watch(epoll, slot.descriptor, interest, UInt64(slot.outcome.slot))
    }

    // MARK: - Sending and receiving

    private func send(_ slot: Slot) {
        let request = requests[slot.outcome.request]
        while slot.sentBytes < request.count {
            let rest = UnsafeRawBufferPointer(rebasing: request[slot.sentBytes...])
            let count = Glibc.send(slot.descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            if count > 0 {
                slot.sentBytes += count
            } else if errno == EAGAIN {
                slot.state = .sending
                return watch(slot, Int32(CS_EPOLL_READ | CS_EPOLL_WRITE))
            } else if errno != EINTR {
                // A server may reject a large body before it has received all of it. Then its response has already arrived, or it's lost.
                slot.sendFailure = errno
                slot.state = .waiting
                receive(slot)
                if slot.state == .waiting { fail(slot, LoadFailure(errno: slot.sendFailure, connecting: false), slot.sendFailure) }
                return
            }
        }
        slot.outcome.sent = LoadClock.now
        slot.state = .waiting
        watch(slot, Int32(CS_EPOLL_READ))
    }

    private func receive(_ slot: Slot) {
        guard let base = scratch.baseAddress else { return }
        let kept = slot.pending.count
        if kept > 0 { scratch.copyBytes(from: slot.pending) }
        let count = recv(slot.descriptor, base + kept, scratch.count - kept, 0)
        guard count > 0 else {
            if count == 0 { return ended(slot) }
            if errno != EAGAIN, errno != EINTR { fail(slot, LoadFailure(errno: errno, connecting: false), errno) }
            return
        }
        if slot.outcome.firstByte == 0 { slot.outcome.firstByte = LoadClock.now }
        do {
            let bytes = UnsafeRawBufferPointer(start: base, count: kept + count)
            let used = try slot.parser.feed(bytes, body: &slot.body)
            if slot.parser.isDone { return finish(slot, isLast: used == bytes.count) }
            if kept > 0 || used < bytes.count { slot.pending = Array(bytes[used...]) }
        } catch {
            fail(slot, .malformed, detail: error.detail)
        }
    }

    private func ended(_ slot: Slot) {
        if slot.parser.endOfStream() { return finish(slot, isLast: true) }
        // The system reports a reset only once, to the send that caused it.
        if slot.sendFailure != 0 { return fail(slot, LoadFailure(errno: slot.sendFailure, connecting: false), slot.sendFailure) }
        fail(slot, slot.parser.hasBegun ? .cut : .closed)
    }

    // MARK: - The end of a request

    private func finish(_ slot: Slot, isLast: Bool) {
        slot.outcome.end = LoadClock.now
        if slot.outcome.sent == 0 { slot.outcome.sent = slot.outcome.firstByte }
        slot.outcome.status = slot.parser.status
        slot.outcome.received = slot.body.count
        // Bytes after the response belong to no request. The connection can't be reused after such bytes, or if the request isn't fully sent.
        let isUsable = slot.parser.keepsAlive && isLast && slot.sentBytes == requests[slot.outcome.request].count
        if isUsable { slot.state = .idle } else { hangUp(slot) }
        receiver?.finished(slot.outcome, body: slot.body.bytes)
    }

    private func fail(_ slot: Slot, _ failure: LoadFailure, _ number: Int32 = 0, detail: String? = nil) {
        slot.outcome.end = LoadClock.now
        slot.outcome.failure = failure
        slot.outcome.detail = detail ?? (number == 0 ? nil : String(cString: strerror(number)))
        hangUp(slot)
        receiver?.finished(slot.outcome, body: [])
    }

    private func hangUp(_ slot: Slot) {
        // Closing also removes the descriptor from the epoll set.
        if slot.descriptor >= 0 { close(slot.descriptor) }
        slot.descriptor = -1
        slot.interest = 0
        slot.state = .closed
    }
}
