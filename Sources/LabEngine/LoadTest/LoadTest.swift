import CSystem
import Glibc
package import LabSupport
import Telemetry

/// A load test that runs once and can be stopped early.
package final class LoadTest: Sendable {
    /// The timeout of the first request, in seconds. A server that accepts the connection but is slower still counts as reachable. The load
    /// test shows how slow it is.
    private static let firstTimeout = 5.0

    private let plan: LoadPlan
    private let bell: Int32
    private let ear: Int32
    /// Nothing more is sent.
    private let isFinishing = Locked(false)

    package init(_ plan: LoadPlan) throws(LabError) {
        var ends: [Int32] = [-1, -1]
        let failure = cs_pipe(&ends)
        guard failure == 0 else { throw Files.error(failure, "pipe") }
        self.plan = plan
        ear = ends[0]
        bell = ends[1]
    }

    deinit {
        close(bell)
        close(ear)
    }

    /// Stops the test, and `run` returns the results so far. You can call this on any thread and in a signal handler.
    package func stop() { ring(.atOnce) }

    /// Sends nothing more. `run` waits for the answers to what was sent, and returns the results. You can call this on any thread.
    package func finish() { ring(.afterAnswers) }

    private func ring(_ ending: LoadLoop.Ending) {
        var byte = ending.rawValue
        write(bell, &byte, 1)
    }

    /// What the bell means. The first request has a loop of its own, so what it hears also holds for the next.
    private func heard() -> LoadLoop.Ending {
        var byte: UInt8 = 0
        let ending = read(ear, &byte, 1) == 1 ? LoadLoop.Ending(rawValue: byte) ?? .atOnce : .atOnce
        switch ending {
        case .atOnce: ring(.atOnce)
        case .afterAnswers: isFinishing.withLock { $0 = true }
        }
        return ending
    }

    /// Sends one request, and then runs the test. The test's own thread calls `progress` a few times a second.
    /// Throws `load.unreachable` if the first request doesn't reach a server.
    package func run(progress: @escaping @Sendable (LoadProgress) -> Void) async throws -> LoadReport {
        let plan = plan
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let thread = PosixThread.start {
                    continuation.resume(with: Result { try self.work(plan, progress) })
                }
                guard let thread else {
                    continuation.resume(throwing: Files.error(EAGAIN, "pthread_create"))
                    return
                }
                thread.detach()
            }
        } onCancel: {
            stop()
        }
    }

    private func work(_ plan: LoadPlan, _ progress: @escaping @Sendable (LoadProgress) -> Void) throws(LabError) -> LoadReport {
        cs_wake_punctually()
        let address = try reach(plan)
        var plan = plan
        if isFinishing.withLock({ $0 }) { (plan.warmUp, plan.duration) = (0, 0) }
        return try loop(plan, address, report: progress)
    }

    private func loop(_ plan: LoadPlan, _ address: LocalAddress, report: @escaping (LoadProgress) -> Void) throws(LabError) -> LoadReport {
        let epoll = cs_epoll_create()
        guard epoll >= 0 else { throw Files.error(errno, "epoll") }
        defer { close(epoll) }
        cs_epoll_watch(epoll, ear, Int32(CS_EPOLL_READ), LoadLoop.bell)
        let judge = AnswerJudge(plan.requests)
        let wire: any LoadWire =
            plan.target.tls == nil
            ? SocketWire(plan: plan, address: address, epoll: epoll)
            : try CurlWire(plan: plan, address: address, epoll: epoll)
        return LoadLoop(plan, wire: wire, epoll: epoll, judge: judge, heard: heard, report: report).run()
    }

    /// Sends a request to each address of the name until a server responds. A name such as `localhost` may have several addresses, but the
    /// server may listen on only one of them.
    private func reach(_ plan: LoadPlan) throws(LabError) -> LocalAddress {
        var single = plan
        single.pacing = .concurrency(1)
        single.warmUp = 0
        single.timeout = min(plan.timeout, Self.firstTimeout)
        single.duration = single.timeout
        single.requestLimit = 1
        var last: (failure: LoadFailure, detail: String?)?
        for address in plan.target.addresses {
            let tally = try loop(single, address) { _ in }.tally
            guard let failure = tally.failures.keys.first else { return address }
            last = (failure, tally.details[failure])
            // If the address accepts a connection, it's the server, regardless of what happens to the request.
            if ![.refused, .connect, .tls].contains(failure) { return address }
        }
        throw Self.unreachable(plan.target, last?.failure ?? .connect, last?.detail)
    }

    private static func unreachable(_ target: LoadTarget, _ failure: LoadFailure, _ detail: String?) -> LabError {
        let isRefused = failure == .refused
        return LabError(
            .loadUnreachable,
            isRefused
                ? Text(en: "No program listens at \(target.authority).", zh: "\(target.authority) 上没有程序在监听。")
                : Text(en: "Can't connect to \(target.authority).", zh: "无法连接到 \(target.authority)。"),
            hint: Text(
                en: "Check with `docker ps` that the server is running and its port is published. A server needs a few seconds to start.",
                zh: "请用 `docker ps` 确认服务器正在运行且端口已发布。刚启动的服务器需要几秒钟。"),
            cause: detail)
    }
}
