import CSystem
import Glibc
package import LabSupport
import Telemetry

/// A load test that can be run once and ended early.
package final class LoadTest: Sendable {
    /// Seconds that the first request may take: who accepts connections and is slow is there, and the load will tell how slow.
    private static let patience = 5.0

    private let plan: LoadPlan
    private let bell: Int32
    private let ear: Int32

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

    /// Ends it; `run` returns what was measured until then. From any thread, also from a signal's handler.
    package func stop() {
        var byte: UInt8 = 1
        write(bell, &byte, 1)
    }

    /// Asks once, then puts the load on. `progress` comes from the test's own thread, some times a second.
    /// Throws `load.unreachable` where not even one request is answered.
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
            ? SocketWire(plan: plan, address: address, epoll: epoll, keepsBodies: true)
            : try CurlWire(plan: plan, address: address, epoll: epoll)
        return LoadLoop(plan, wire: wire, epoll: epoll, judge: judge, report: report).run()
    }

    /// One request to each address that the name has, until one is answered: a name may lead to several, and `localhost` usually does,
    /// of which the server listens on one.
    private func reach(_ plan: LoadPlan) throws(LabError) -> LocalAddress {
        var single = plan
        single.pacing = .concurrency(1)
        single.warmUp = 0
        single.timeout = min(plan.timeout, Self.patience)
        single.duration = single.timeout
        single.requestLimit = 1
        var last: (failure: LoadFailure, detail: String?)?
        for address in plan.target.addresses {
            let tally = try loop(single, address) { _ in }.tally
            guard let failure = tally.failures.keys.first else { return address }
            last = (failure, tally.details[failure])
            // Whoever accepts connections is the server, whatever it answers under way.
            if ![.refused, .connect, .tls].contains(failure) { return address }
        }
        throw Self.unreachable(plan.target, last?.failure ?? .connect, last?.detail)
    }

    private static func unreachable(_ target: LoadTarget, _ failure: LoadFailure, _ detail: String?) -> LabError {
        let isRefused = failure == .refused
        return LabError(
            "load.unreachable",
            isRefused
                ? Text(en: "Nothing listens at \(target.authority).", zh: "\(target.authority) 上没有程序在监听。")
                : Text(en: "No connection to \(target.authority).", zh: "无法连接到 \(target.authority)。"),
            hint: Text(
                en: "Is the server running and its port published (`docker ps`)? A server that just started needs some seconds.",
                zh: "服务在运行、端口已发布吗（`docker ps`）？刚启动的服务需要几秒钟。"),
            cause: detail)
    }
}
