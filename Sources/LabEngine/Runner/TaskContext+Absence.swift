import ContainerEngine
import HTTPTransport
import LabFile
import LabSupport
import PrivateEngine

/// A task whose engine goes away and comes back.
extension TaskContext {
    /// How often a task starts again because the engine went away. An engine that restarts all the time needs help.
    private static let maximumRepeats = 3
    private static let soon: Duration = .seconds(30)

    /// Performs the task's action. If the engine goes away meanwhile, waits for it and performs the action again. An action looks at what
    /// its earlier attempt left: a container that still runs is followed, and a command that isn't safe to repeat isn't repeated if
    /// the checks pass.
    func performThroughAbsences() async throws {
        while true {
            do {
                return try await perform()
            } catch let verdict as any ActionVerdict {
                throw verdict
            } catch {
                guard try await mayRepeat(after: error) else { throw await explained(error) }
            }
        }
    }

    /// Waits for the engine if it's away. True if the action can be performed again.
    private func mayRepeat(after error: any Error) async throws -> Bool {
        // An engine that was never there can't return.
        guard !Task.isCancelled, !(error is CancellationError), task.needsEngine, run.engine.isWaitedFor else { return false }
        let isLoss = RunEngine.canMeanLoss(error)
        // A program's own exit code isn't the engine's doing, unless a signal ended it.
        guard isLoss || error is DockerError || [137, 143].contains((error as? LabError)?.exitCode) else { return false }
        let found = try await run.engine.outlast(emit)
        switch found {
        case .stayed where !isLoss: return false
        case .lost: throw lost(error)
        case .stayed:
            guard !isSameBreak(error) else { return false }
        case .returned: sawReturn.withLock { $0 = true }
        }
        let number = attempts.withLock { attempts in
            attempts += 1
            return attempts
        }
        guard number <= Self.maximumRepeats else { return false }
        if found == .stayed {
            notice(
                "engine.repeated",
                Text(
                    en: "The connection to the engine broke during this sub-step. The engine answers, so the sub-step goes on.",
                    zh: "执行这个小节时与引擎的连接中断。引擎仍有响应，继续执行。"),
                level: .warning)
        }
        return true
    }

    /// An engine that answers, and soon breaks off in the same way again, won't do better the next time.
    private func isSameBreak(_ error: any Error) -> Bool {
        let now = (words: "\(error)", time: ContinuousClock.now)
        let last = lastBreak.withLock { last in
            defer { last = now }
            return last
        }
        return last.map { $0.words == now.words && $0.time.duration(to: now.time) < Self.soon } ?? false
    }

    private func lost(_ error: any Error) -> LabError {
        let endpoint = run.engine.endpoint ?? .unix(path: "")
        let isPrivate = endpoint == PrivateEngineLayout.standard(environment: run.environment).endpoint
        var lost = LabError.engineAway(
            endpoint, seconds: Int(run.engine.returnTimeout.components.seconds), isPrivate: isPrivate,
            again: "ailab step \(run.options.again(task.id.description))")
        let cause = LabError(describing: error, at: endpoint)
        lost.cause = cause.cause ?? cause.message.en
        lost.errno = cause.errno
        return lost
    }

    /// An engine that restarts without live-restore stops all containers, also those that this task works in.
    private func explained(_ error: any Error) async -> any Error {
        guard sawReturn.withLock({ $0 }), !Task.isCancelled, let docker = run.engine.known else { return error }
        for name in task.action.containersUsed(in: run.spec) {
            guard let state = try? await docker.containerIfPresent(name)?.state, !state.isRunning, !state.wasOutOfMemory else { continue }
            return LabError(
                .engineLost,
                Text(en: "The engine restarted, and \(name) stopped with it.", zh: "引擎重启，容器 \(name) 随之停止。"),
                hint: Text(
                    en: "Run `ailab step \(run.options.again(task.id.description))`. It starts \(name) again first.",
                    zh: "请运行 `ailab step \(run.options.again(task.id.description))`，它会先重新启动 \(name)。"),
                cause: LabError(describing: error, at: run.engine.endpoint).message.en)
        }
        return error
    }

    /// True if only output is missing, and it may be the engine that lost it: with live-restore, Docker drops what a container prints until it
    /// follows the container again.
    func mayLackOutput(_ results: [CheckResult]) -> Bool {
        let failed = results.filter { $0.standing == .failed }
        return sawReturn.withLock { $0 } && followsSurvivor.withLock { $0 } && !failed.isEmpty
            && failed.allSatisfy { $0.kind == "output" || $0.kind == "logs" }
    }

    /// Performs the action again without what is left of the first attempt.
    func startOver() async throws {
        made.withLock { $0 = [] }
        abandons.withLock { $0 = true }
        notice(
            "engine.outputLost",
            Text(
                en: "The engine lost output of the container while it was away, so the sub-step runs again.",
                zh: "引擎中断期间丢失了容器的部分输出，因此重新执行这个小节。"), level: .warning)
        try await performThroughAbsences()
    }

    /// The engine went away during an earlier attempt.
    var isRepeated: Bool { attempts.withLock { $0 > 0 } }

    /// True if the command of an earlier attempt did the work before the engine went away.
    func isDoneByEarlierAttempt() async -> Bool {
        guard isRepeated, !run.options.force, let left = lastExec.withLock({ $0 }), let docker = try? await docker else { return false }
        // An engine that only lost the connection still knows how the command ended.
        if let code = try? await docker.exitCode(ofExec: left.id) { return code == 0 }
        // What may still be writing isn't done. After that, the checks decide; output is gone, so checks of output don't count.
        await docker.endLeftover(left)
        let checks = task.checks.filter { if case .output = $0.subject { false } else { true } }
        guard !checks.isEmpty else { return false }
        for check in checks where await CheckEvaluator(run: run).evaluate(check).standing != .passed { return false }
        return true
    }
}

/// Output of containers that a task has passed on. A log that is read again, because the engine was away, begins with the same bytes.
struct PassedOutput: Sendable {
    private var counts: [String: [OutputChannel: Int]] = [:]

    /// A new reading of a container's log.
    func reading(of container: String) -> Reading { Reading(container: container, known: counts[container] ?? [:]) }

    /// What is new in a piece.
    mutating func take(_ chunk: OutputChunk, _ reading: inout Reading) -> [UInt8] {
        let known = min(reading.known[chunk.channel] ?? 0, chunk.bytes.count)
        reading.known[chunk.channel, default: 0] -= known
        counts[reading.container, default: [:]][chunk.channel, default: 0] += chunk.bytes.count - known
        return known == 0 ? chunk.bytes : Array(chunk.bytes.dropFirst(known))
    }

    /// One reading of a log from its beginning.
    struct Reading: Sendable {
        fileprivate var container: String
        /// The bytes of each channel that are still to come and already known.
        fileprivate var known: [OutputChannel: Int]
    }
}

extension TaskContext {
    /// Passes on what a container prints, to the end of its log.
    func passOn(_ docker: DockerClient, _ container: String, onPiece: () -> Void = {}) async throws {
        var reading = passed.withLock { $0.reading(of: container) }
        for try await chunk in try await docker.logs(container, LogOptions(follows: true), hasTerminal: false) {
            let bytes = passed.withLock { $0.take(chunk, &reading) }
            if !bytes.isEmpty { output(bytes, chunk.channel == .stderr ? .stderr : .stdout) }
            onPiece()
        }
    }
}
