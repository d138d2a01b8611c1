import CCurl
import CSystem
import Glibc
import HTTPTransport
import LabSupport
import Telemetry

/// Sends HTTPS requests through libcurl. The loop's epoll watches libcurl's sockets.
final class CurlWire: LoadWire {
    weak var receiver: (any LoadReceiver)?
    private(set) var opened = 0
    private(set) var alarm: Int64?

    /// Distinguishes libcurl's descriptors from the others that the loop watches.
    private static let tokenBase: UInt64 = 1 << 40

    private let multi: UnsafeMutableRawPointer
    private let epoll: Int32
    private let slots: [Slot]
    /// The bodies must stay at the same address for the whole test, because libcurl keeps only the pointers.
    private let bodies: [UnsafeMutableRawBufferPointer]

    /// One handle for each request, so that its options stay set. All handles of a slot share the connection that libcurl keeps.
    private final class Slot {
        let index: Int
        let handles: [CurlEasy]
        var body = AnswerBody()
        var start: Int64 = 0
        /// When the response began.
        var answered: Int64?
        var request: Int?

        init(_ index: Int, _ handles: [CurlEasy]) {
            self.index = index
            self.handles = handles
        }
    }

    init(plan: LoadPlan, address: LocalAddress, epoll: Int32) throws(LabError) {
        try CurlLibrary.load()
        guard let multi = cc_multi_init() else { throw Files.error(ENOMEM, "curl_multi_init") }
        self.multi = multi
        self.epoll = epoll
        bodies = plan.requests.map { request in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, request.body.count), alignment: 16)
            copy.copyBytes(from: request.body)
            return copy
        }
        var slots: [Slot] = []
        for index in 0..<plan.pacing.connections {
            var handles: [CurlEasy] = []
            for (request, body) in zip(plan.requests, bodies) {
                guard let easy = CurlEasy() else { throw Files.error(ENOMEM, "curl_easy_init") }
                easy.apply(request, to: plan, at: address, body: body)
                handles.append(easy)
            }
            slots.append(Slot(index, handles))
        }
        self.slots = slots
        for slot in slots {
            for handle in slot.handles { Self.connectCallbacks(handle, to: slot) }
        }
        cc_multi_long(multi, CURLMOPT_MAXCONNECTS, slots.count + 8)
        routeMulti()
    }

    deinit {
        for slot in slots {
            if let request = slot.request { cc_multi_remove_handle(multi, slot.handles[request].handle) }
        }
        cc_multi_cleanup(multi)
        for body in bodies { body.deallocate() }
    }

    func begin(_ index: Int, request: Int) {
        let slot = slots[index]
        slot.request = request
        slot.body.reset()
        slot.start = LoadClock.now
        slot.answered = nil
        cc_multi_add_handle(multi, slot.handles[request].handle)
    }

    func ready(_ token: UInt64, _ readiness: Int32) {
        var mask: Int32 = 0
        if readiness & Int32(CS_EPOLL_READ) != 0 { mask |= CURL_CSELECT_IN }
        if readiness & Int32(CS_EPOLL_WRITE) != 0 { mask |= CURL_CSELECT_OUT }
        if readiness & Int32(CS_EPOLL_BROKEN) != 0 { mask |= CURL_CSELECT_ERR }
        act(curl_socket_t(token - Self.tokenBase), mask)
    }

    func tick() {
        alarm = nil
        act(curl_socket_t(CURL_SOCKET_BAD), 0)
    }

    func abandon(_ index: Int, _ failure: LoadFailure) {
        let slot = slots[index]
        guard let request = slot.request else { return }
        end(slot, request, failure, detail: nil)
    }

    // MARK: - libcurl

    private func routeMulti() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        cc_multi_ptr(multi, CURLMOPT_SOCKETDATA, context)
        cc_multi_socket_fn(multi) { _, descriptor, what, context, _ in
            guard let context else { return 0 }
            let wire = Unmanaged<CurlWire>.fromOpaque(context).takeUnretainedValue()
            var interest: Int32 = 0
            if what == CURL_POLL_IN || what == CURL_POLL_INOUT { interest |= Int32(CS_EPOLL_READ) }
            if what == CURL_POLL_OUT || what == CURL_POLL_INOUT { interest |= Int32(CS_EPOLL_WRITE) }
            cs_epoll_watch(wire.epoll, descriptor, interest, CurlWire.tokenBase + UInt64(descriptor))
            return 0
        }
        cc_multi_ptr(multi, CURLMOPT_TIMERDATA, context)
        cc_multi_timer_fn(multi) { _, milliseconds, context in
            guard let context else { return 0 }
            let wire = Unmanaged<CurlWire>.fromOpaque(context).takeUnretainedValue()
            wire.alarm = milliseconds < 0 ? nil : LoadClock.now + Int64(milliseconds) * 1_000_000
            return 0
        }
    }

    private static func connectCallbacks(_ easy: CurlEasy, to slot: Slot) {
        let context = Unmanaged.passUnretained(slot).toOpaque()
        easy.set(CURLOPT_PRIVATE, context: context)
        easy.set(CURLOPT_HEADERDATA, context: context)
        easy.set(
            CURLOPT_HEADERFUNCTION,
            data: { _, size, count, context in
                guard let context else { return 0 }
                let slot = Unmanaged<Slot>.fromOpaque(context).takeUnretainedValue()
                if slot.answered == nil { slot.answered = LoadClock.now }
                return size * count
            })
        easy.set(CURLOPT_WRITEDATA, context: context)
        easy.set(
            CURLOPT_WRITEFUNCTION,
            data: { bytes, size, count, context in
                guard let context else { return 0 }
                let slot = Unmanaged<Slot>.fromOpaque(context).takeUnretainedValue()
                slot.body.take(UnsafeRawBufferPointer(start: bytes, count: size * count), size * count)
                return size * count
            })
    }

    private func act(_ descriptor: curl_socket_t, _ mask: Int32) {
        var running: Int32 = 0
        cc_multi_socket_action(multi, descriptor, mask, &running)
        var left: Int32 = 0
        while let message = cc_multi_info_read(multi, &left) {
            var context: UnsafeMutableRawPointer?
            cc_info_ptr(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
            guard let context else { continue }
            let slot = Unmanaged<Slot>.fromOpaque(context).takeUnretainedValue()
            guard let request = slot.request else { continue }
            let code = cc_msg_result(message)
            let detail = code == CURLE_OK ? nil : slot.handles[request].explanation(of: code)
            end(slot, request, code == CURLE_OK ? nil : failure(code, of: slot.handles[request], slot), detail: detail)
        }
    }

    private func failure(_ code: CURLcode, of easy: CurlEasy, _ slot: Slot) -> LoadFailure {
        switch TransportError.Kind(code) {
        case .connect: easy.long(CURLINFO_OS_ERRNO) == Int(ECONNREFUSED) ? .refused : .connect
        case .tls: .tls
        case .timeout: .timeout
        case .malformedResponse: .malformed
        case .reset: code == CURLE_GOT_NOTHING ? .closed : code == CURLE_PARTIAL_FILE ? .cut : .reset
        default: .other
        }
    }

    private func end(_ slot: Slot, _ request: Int, _ failure: LoadFailure?, detail: String?) {
        let easy = slot.handles[request]
        var outcome = LoadOutcome(slot: slot.index, request: request, failure: failure, detail: detail, start: slot.start)
        outcome.end = LoadClock.now
        outcome.status = easy.long(CURLINFO_RESPONSE_CODE)
        outcome.received = slot.body.count
        // libcurl starts its clock slightly after `slot.start`, so these times are early by that difference.
        func time(_ info: CURLINFO) -> Int64 { slot.start + easy.nanoseconds(info) }
        if easy.long(CURLINFO_NUM_CONNECTS) > 0 {
            opened += 1
            outcome.connected = time(CURLINFO_APPCONNECT_TIME_T)
        }
        outcome.sent = max(time(CURLINFO_PRETRANSFER_TIME_T), outcome.connected)
        // libcurl's "start of transfer" is the first byte in either direction. With a large body, that's a byte of the request.
        outcome.firstByte = max(slot.answered ?? outcome.end, outcome.sent)
        cc_multi_remove_handle(multi, easy.handle)
        slot.request = nil
        receiver?.finished(outcome, body: slot.body.bytes)
    }
}

extension CurlEasy {
    fileprivate func nanoseconds(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        return cc_info_off(handle, info, &value) == CURLE_OK ? Int64(value) * 1000 : 0
    }

    fileprivate func apply(_ request: LoadRequest, to plan: LoadPlan, at address: LocalAddress, body: UnsafeMutableRawBufferPointer) {
        let target = plan.target
        set(CURLOPT_NOSIGNAL, true)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_PATH_AS_IS, true)
        set(CURLOPT_PROXY, "")
        set(CURLOPT_URL, "https://\(target.authority)\(request.target)")
        // Connect only to the address that `LoadReach` checked.
        let name = target.host.contains(":") ? "[\(target.host)]" : target.host
        let place = address.bytes.count == 16 ? "[\(address.text)]" : address.text
        connectTo("\(name):\(target.port):\(place):\(target.port)")
        if let file = target.tls?.authorityFile { set(CURLOPT_CAINFO, file) }
        set(CURLOPT_SSL_VERIFYPEER, target.tls?.verifiesPeer ?? true)
        set(CURLOPT_SSL_VERIFYHOST, target.tls?.verifiesPeer ?? true ? 2 : 0)
        if request.method == "HEAD" {
            set(CURLOPT_NOBODY, true)
        } else if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            set(CURLOPT_POSTFIELDSIZE_LARGE, large: Int64(request.body.count))
            if let base = body.baseAddress { set(CURLOPT_POSTFIELDS, context: base) }
            addHeaderLine("Expect:")
            if request.headers["Content-Type"] == nil { addHeaderLine("Content-Type:") }
        }
        set(CURLOPT_CUSTOMREQUEST, request.method)
        if request.headers["User-Agent"] == nil { set(CURLOPT_USERAGENT, "ailab") }
        for field in request.headers.fields { addHeaderLine("\(field.name): \(field.value)") }
        useHeaderLines()
    }
}
