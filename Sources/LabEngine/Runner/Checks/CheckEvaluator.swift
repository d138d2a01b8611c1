package import LabFile
import LabSupport

/// Evaluates a task's checks on this machine.
package struct CheckEvaluator: Sendable {
    let run: RunContext
    /// The task's output, if the task just ran.
    let transcript: String?
    /// Records captured values and predictions as journal events.
    let emit: @Sendable (EventPayload) -> Void

    package init(run: RunContext, transcript: String? = nil, emit: @escaping @Sendable (EventPayload) -> Void = { _ in }) {
        self.run = run
        self.transcript = transcript
        self.emit = emit
    }

    /// The result of looking at one thing.
    struct Finding: Sendable {
        var passed: Bool
        var wanted: Text
        var found: Text
        var nearest: Text?
        var advice: Text?
    }

    /// Evaluates a check. It never throws: if the machine can't be examined, the check fails and says why.
    package func evaluate(_ check: LabCheck) async -> CheckResult { await judge(check).result }

    /// Evaluates a check. `obstacle` is set if nothing could be examined because the engine doesn't answer. In a run, this waits for an engine
    /// that went away.
    func judge(_ check: LabCheck) async -> (result: CheckResult, obstacle: LabError?) {
        var judged = await judgeNow(check)
        for _ in 0..<Self.maximumLooks where judged.obstacle.map(RunEngine.canMeanLoss) == true && run.engine.isWaitedFor {
            guard let found = try? await run.engine.outlast(emit), found != .lost else { break }
            judged = await judgeNow(check)
        }
        return judged
    }

    /// How often a check looks again because the engine went away.
    private static let maximumLooks = 3

    private func judgeNow(_ check: LabCheck) async -> (result: CheckResult, obstacle: LabError?) {
        let kind = check.subject.kind
        do {
            let finding = try await look(check.subject)
            let result = CheckResult(
                kind: kind, standing: finding.passed ? .passed : .failed, wanted: finding.wanted, found: finding.found,
                nearest: finding.nearest, advice: finding.passed ? nil : check.advice ?? finding.advice)
            return (result.spoken(by: run.engine.kind), nil)
        } catch {
            let failure = LabError(describing: error, at: run.engine.endpoint)
            let wanted =
                failure.family == "file" || failure.family == "lab"
                ? Text(en: "something that can be checked", zh: "可以检查的内容") : Text(en: "a working engine to check it with", zh: "能够进行检查")
            let result = CheckResult(
                kind: kind, standing: .failed, wanted: wanted, found: failure.message,
                nearest: nil, advice: check.advice ?? failure.hint)
            return (result.spoken(by: run.engine.kind), ["engine", "transport"].contains(failure.family) ? failure : nil)
        }
    }

    private func look(_ subject: LabCheckSubject) async throws -> Finding {
        if let finding = try await strange(subject) { return finding }
        return switch subject {
        case .engine: try await engine()
        case .image(let reference): try await image(reference)
        case .container(let name, let state, let exitCode): try await container(name, state, exitCode)
        case .absent(let name): try await absent(name)
        case .logs(let container, let match): try await logs(container, match)
        case .output(let match): try await output(match)
        case .file(let path, let minimum, let sha256): try file(path, minimum, sha256)
        case .json(let path, let pointer, let match): try await json(path, pointer, match)
        case .command(let check): try await command(check)
        case .inside(let container, let path, let minimum): try await inside(container, path, minimum)
        case .http(let check): try await http(check)
        case .model(let server, let name): try await model(server, name)
        case .prediction(let server, let model, let cases): try await prediction(server, model, cases)
        }
    }
}

extension LabCheckSubject {
    /// The key in the lab file.
    package var kind: String {
        switch self {
        case .engine: "engine"
        case .image: "image"
        case .container: "container"
        case .absent: "absent"
        case .logs: "logs"
        case .output: "output"
        case .file: "file"
        case .json: "json"
        case .command: "command"
        case .inside: "inside"
        case .http: "http"
        case .model: "model"
        case .prediction: "prediction"
        }
    }
}
