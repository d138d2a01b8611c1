package import LabSupport

/// Decides from repeated checks of a model whether it is ready, or never will be.
///
/// `/ping` says `Healthy` before any worker has started and even while a worker keeps dying, so this checks the workers. A worker that
/// dies restarts with a new pid. Its state alone (`UNLOADING`) would not show this, because it also occurs in an orderly end.
package struct TorchServeReadiness: Sendable, Equatable {
    package enum Verdict: Sendable, Equatable {
        case wait
        case ready(TorchServeModel)
        case failed(LabError)
    }

    /// How many processes one worker may have before it counts as dying again and again.
    private static let toleratedProcesses = 2
    /// How many checks in a row must find nothing before an absence counts. A new registration takes a moment to show.
    private static let agreeingLooks = 3

    private let model: String
    private var processes: [String: Set<Int>] = [:]
    private var absences = 0

    package init(model: String) { self.model = model }

    /// Evaluates a response of `describe`.
    package mutating func take(_ versions: [TorchServeModel]) -> Verdict {
        guard let version = versions.first else { return absent(notFound) }
        if version.readyWorkers > 0 { return .ready(version) }
        guard !version.workers.isEmpty || version.minWorkers != 0 else { return absent(withoutWorkers) }
        absences = 0
        for worker in version.workers {
            guard let pid = worker.pid, pid > 0 else { continue }
            processes[worker.id, default: []].insert(pid)
            if processes[worker.id, default: []].count > Self.toleratedProcesses { return .failed(keepsDying) }
        }
        return .wait
    }

    /// Evaluates a failure of `describe`. A starting server doesn't respond yet, but one that rejects the key never will accept it.
    package mutating func take(_ error: LabError) -> Verdict {
        switch error.code {
        case .torchserveUnreachable, .torchserveTimeout: .wait
        case .torchserveModelNotFound: absent(error)
        default: .failed(error)
        }
    }

    private mutating func absent(_ error: LabError) -> Verdict {
        absences += 1
        return absences < Self.agreeingLooks ? .wait : .failed(error)
    }

    private var notFound: LabError {
        LabError(.torchserveModelNotFound, Text(en: "TorchServe has no model \(model).", zh: "TorchServe 中没有模型 \(model)。"))
    }

    private var withoutWorkers: LabError {
        LabError(
            .torchserveNoWorkers,
            Text(en: "The model \(model) is registered without a worker.", zh: "模型 \(model) 已注册，但没有 worker。"),
            hint: Text(
                en: "Add one: PUT /models/\(model)?min_worker=1&synchronous=true",
                zh: "请为它添加一个 worker：PUT /models/\(model)?min_worker=1&synchronous=true"))
    }

    private var keepsDying: LabError {
        LabError(
            .torchserveWorkerDied,
            Text(
                en: "The worker of \(model) keeps dying: TorchServe restarted it several times, but it was never ready.",
                zh: "\(model) 的 worker 反复崩溃：TorchServe 多次重启它，但它从未就绪。"),
            hint: Text(
                en: "The first Python traceback in the server's log shows the reason. Later ones may hide it.",
                zh: "原因在服务器日志中第一段 Python traceback 里；后面的报错可能会掩盖它。"))
    }
}

extension TorchServeClient {
    /// Checks the model until a worker accepts requests, and returns it. Throws a `LabError` as soon as it is clear that none will, or when
    /// the time is up (`torchserve.notReady`).
    package func waitReady(
        _ model: String, within limit: Duration, every pause: Duration = .milliseconds(500),
        onLook: @Sendable (TorchServeModel?) -> Void = { _ in }
    ) async throws -> TorchServeModel {
        let end = ContinuousClock.now + limit
        var readiness = TorchServeReadiness(model: model)
        var lastError: LabError?
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { throw Self.notReady(model, limit: limit, lastError) }
            let verdict: TorchServeReadiness.Verdict
            do {
                let versions = try await describe(model, timeout: min(left, .seconds(5)))
                onLook(versions.first)
                lastError = nil
                verdict = readiness.take(versions)
            } catch {
                try Task.checkCancellation()
                onLook(nil)
                let error = LabError(torchServe: error, keys: keys)
                // The last check has little time, so its timeout says less than an earlier error.
                if error.code != .torchserveTimeout || lastError == nil { lastError = error }
                verdict = readiness.take(error)
            }
            switch verdict {
            case .ready(let version): return version
            case .failed(let error): throw error
            case .wait: try await Task.sleep(for: min(pause, max(.zero, ContinuousClock.now.duration(to: end))))
            }
        }
    }

    private static func notReady(_ model: String, limit: Duration, _ last: LabError?) -> LabError {
        let seconds = limit.components.seconds
        return LabError(
            .torchserveNotReady,
            Text(
                en: "No worker of \(model) was ready after \(seconds) seconds.", zh: "等待了 \(seconds) 秒，\(model) 仍没有就绪的 worker。"),
            hint: last?.hint
                ?? Text(
                    en: "A large model takes time to load on a small machine. Read the server's log, and wait longer.",
                    zh: "在配置较低的机器上加载大模型需要一些时间：请查看服务器日志，并多等一会儿。"),
            cause: last?.description, httpStatus: last?.httpStatus)
    }
}
