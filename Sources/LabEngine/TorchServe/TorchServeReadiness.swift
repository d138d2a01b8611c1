package import LabSupport

/// Decides from one look at a model after another whether it is ready, or never will be.
///
/// `/ping` says `Healthy` before a worker is up and while one dies again and again, so the workers themselves are looked at. A worker
/// that dies is started again under a new pid, and its state alone (`UNLOADING`) is that of an orderly end too.
package struct TorchServeReadiness: Sendable, Equatable {
    package enum Verdict: Sendable, Equatable {
        case wait
        case ready(TorchServeModel)
        case failed(LabError)
    }

    /// Processes of one worker that may come and go before it counts as one that keeps dying.
    private static let toleratedProcesses = 2
    /// Looks in a row that must agree before an absence counts: a registration takes an instant to show.
    private static let agreeingLooks = 3

    private let model: String
    private var processes: [String: Set<Int>] = [:]
    private var absences = 0

    package init(model: String) { self.model = model }

    /// Takes in what `describe` answered.
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

    /// Takes in that `describe` failed. A server that is still starting does not answer; one that refuses the key never will.
    package mutating func take(_ error: LabError) -> Verdict {
        switch error.code {
        case "torchserve.unreachable", "torchserve.timeout": .wait
        case "torchserve.modelNotFound": absent(error)
        default: .failed(error)
        }
    }

    private mutating func absent(_ error: LabError) -> Verdict {
        absences += 1
        return absences < Self.agreeingLooks ? .wait : .failed(error)
    }

    private var notFound: LabError {
        LabError("torchserve.modelNotFound", Text(en: "TorchServe has no model \(model).", zh: "TorchServe 中没有模型 \(model)。"))
    }

    private var withoutWorkers: LabError {
        LabError(
            "torchserve.noWorkers",
            Text(en: "The model \(model) is registered without a worker.", zh: "模型 \(model) 已注册，但没有 worker。"),
            hint: Text(
                en: "Give it one: PUT /models/\(model)?min_worker=1&synchronous=true",
                zh: "请给它一个 worker：PUT /models/\(model)?min_worker=1&synchronous=true"))
    }

    private var keepsDying: LabError {
        LabError(
            "torchserve.workerDied",
            Text(
                en: "The worker of \(model) keeps dying: TorchServe started it again and again, and it was never ready.",
                zh: "\(model) 的 worker 反复崩溃：TorchServe 一再重启它，但它从未就绪。"),
            hint: Text(
                en: "The first Python traceback in the server's log names the reason; later ones may mask it.",
                zh: "原因在服务日志中第一段 Python traceback 里；后面的报错可能会掩盖它。"))
    }
}

extension TorchServeClient {
    /// Looks at the model until a worker takes requests, and returns it. Throws `LabError` as soon as it is clear that none will, or
    /// when the time is up (`torchserve.notReady`).
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
                // The last look has little time left: that it ran out says less than what was seen before.
                if error.code != "torchserve.timeout" || lastError == nil { lastError = error }
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
            "torchserve.notReady",
            Text(
                en: "No worker of \(model) was ready after \(seconds) seconds.", zh: "等待了 \(seconds) 秒，\(model) 仍没有就绪的 worker。"),
            hint: last?.hint
                ?? Text(
                    en: "Loading a big model takes a while on a small machine: look at the server's log, and give it more time.",
                    zh: "在小机器上加载大模型需要一些时间：请查看服务日志，并多等一会儿。"),
            cause: last?.description, httpStatus: last?.httpStatus)
    }
}
