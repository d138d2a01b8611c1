import ContainerEngine
import HTTPTransport
import LabSupport

/// Whether the engine of a run is away.
enum EngineAbsence: Sendable, Equatable {
    case none
    case since(ContinuousClock.Instant)
    /// It didn't return in time. Nobody waits for it again.
    case final
}

/// What a wait for the engine found.
enum EngineReturn: Sendable, Equatable {
    /// It answers, and wasn't away.
    case stayed
    case returned
    case lost
}

extension RunEngine {
    /// The pause between two questions to an engine that is away.
    private static let pause: Duration = .milliseconds(500)

    /// True if an error can mean that the engine went away. It may be back already.
    static func canMeanLoss(_ error: any Error) -> Bool {
        switch error {
        case let error as TransportError:
            switch error.kind {
            case .connect, .reset, .malformedResponse: true
            // With an errno, it's a file of this machine that can't be read.
            case .uploadFailed: error.errno == nil
            case .badRequest, .resolve, .tls, .timeout, .bodyTooLarge, .cancelled, .other: false
            }
        case is DockerProtocolError: true
        case let error as LabError: [.engineLost, .engineDead, .engineMissing, .engineUnexpected].contains(error.code)
        default: false
        }
    }

    /// False if nobody waits for it, or if it has never answered.
    var isWaitedFor: Bool { returnTimeout > .zero && known != nil }

    /// Waits for an engine that is away. `emit` records that, and how long it has been. Throws only if the task is cancelled.
    func outlast(_ emit: @Sendable (EventPayload) -> Void) async throws -> EngineReturn {
        guard isWaitedFor, let docker = known else { return .stayed }
        if await answers(docker) { return comeBack(emit) == nil ? .stayed : .returned }
        let (since, isFirst) = absence.withLock { absence -> (ContinuousClock.Instant?, Bool) in
            switch absence {
            case .none:
                let now = ContinuousClock.now
                absence = .since(now)
                return (now, true)
            case .since(let since): return (since, false)
            case .final: return (nil, false)
            }
        }
        guard let since else { return .lost }
        let limit = Int(returnTimeout.components.seconds)
        let label = Text(en: "Waiting for the engine", zh: "等待引擎恢复")
        if isFirst { emit(.notice(Self.waiting(docker.endpoint.dockerHost, limit))) }
        while since.duration(to: .now) < returnTimeout {
            let waited = Double(since.duration(to: .now).components.seconds)
            emit(.progress(Progress(label: label, done: waited, total: Double(limit), unit: .seconds)))
            try await Task.sleep(for: Self.pause)
            guard await answers(docker) else { continue }
            comeBack(emit)
            // The bar would stay at the waiting, because not every action has progress of its own.
            for told in [label, Text(en: "The engine is back", zh: "引擎已恢复")] {
                emit(.progress(Progress(label: told, done: Double(limit), total: Double(limit), unit: .seconds)))
            }
            return .returned
        }
        absence.withLock { $0 = .final }
        return .lost
    }

    private func answers(_ docker: DockerClient) async -> Bool {
        (try? await DockerClient.ping(http: docker.http, endpoint: docker.endpoint, timeout: .seconds(2))) != nil
    }

    /// Records that the engine is back. Nil if it wasn't away, or another task has recorded its return.
    @discardableResult
    private func comeBack(_ emit: (EventPayload) -> Void) -> Duration? {
        let since = absence.withLock { absence -> ContinuousClock.Instant? in
            guard case .since(let since) = absence else { return nil }
            absence = .none
            return since
        }
        guard let away = since?.duration(to: .now) else { return nil }
        emit(.notice(Self.back(Int(away.components.seconds))))
        return away
    }

    private static func waiting(_ place: String, _ seconds: Int) -> Notice {
        Notice(
            level: .warning, code: "engine.away",
            text: Text(
                en: "The engine at \(place) went away. The run waits up to \(seconds) seconds for it.",
                zh: "\(place) 处的引擎失去响应。本次运行最多等待 \(seconds) 秒。"))
    }

    private static func back(_ seconds: Int) -> Notice {
        Notice(
            level: .info, code: "engine.back",
            text: Text(
                en: "The engine is back after \(seconds) seconds. The run goes on: containers that still run are taken over.",
                zh: "引擎在 \(seconds) 秒后恢复。运行继续：仍在运行的容器会被接管。"))
    }
}
