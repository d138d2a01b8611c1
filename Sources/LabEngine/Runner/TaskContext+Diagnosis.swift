import ContainerEngine
package import Diagnosis
import LabFile
import LabSupport
import PrivateEngine

/// The findings of a failed task.
extension TaskContext {
    /// The maximum number of findings that a failure records in the journal.
    private static let maximumFindings = 3

    /// Finds the cause of a failure from the task's output, the error, and facts about the machine.
    func diagnose(_ failure: LabError) async {
        let context = DiagnosisContext(
            exitCode: failure.exitCode, outOfMemory: failure.code == .containerOutOfMemory, code: failure.code,
            places: run.engine.endpoint == nil && failure.family == "engine" ? ["host", "daemon"] : task.action.places,
            facts: await facts(failure))
        let findings = Diagnosis.diagnose(output: Self.evidence(failure, output: transcript.withLock { $0.text }), context: context)
        for finding in findings.prefix(Self.maximumFindings) { emit(.finding(finding)) }
    }

    /// What the cause is read from. The transport's own words ("connection reset by peer") would be read as other causes, because programs
    /// print the same words about servers far away.
    private static func evidence(_ failure: LabError, output: String) -> String {
        // The engine's loss is the cause. The container's output before it says nothing about that.
        if failure.code == .engineLost { return "" }
        // Only the server's log says why a server of this machine doesn't respond.
        if failure.code == .serveNotReady { return output }
        let words = failure.cause ?? failure.message.en
        let parts = [output, words].filter { !$0.isEmpty }
        // A source that failed was followed by another one, so it doesn't explain why the program crashed afterwards.
        guard output.contains("Traceback (most recent call last):") else { return parts.joined(separator: "\n") }
        let reasons = output.split(separator: "\n").compactMap { MachineLine(String($0))?.sourceFailed?.error.cause }
        return parts.map { without(reasons, $0) }.joined(separator: "\n")
    }

    /// The text without the lines in which the program told people these reasons, and without those that told ailab. The same words in a
    /// traceback stay.
    private static func without(_ reasons: [String], _ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter { MachineLine(String($0))?.sourceFailed == nil }
        for reason in reasons where !reason.isEmpty {
            if let said = lines.firstIndex(where: { $0.contains(reason) }) { lines.remove(at: said) }
        }
        return lines.joined(separator: "\n")
    }

    /// The facts that a cure's commands depend on.
    private func facts(_ failure: LabError) async -> RemedyFacts {
        let docker = try? await docker
        let info = try? await docker?.info()
        let kind = docker.map { docker in info.map { EngineKind(ping: docker.ping, info: $0) } ?? EngineKind(ping: docker.ping) }
        let isPrivate = docker?.endpoint == PrivateEngineLayout.standard(environment: run.environment).endpoint
        let facts = RemedyFacts.read(environment: run.environment, engine: kind, isPrivate: isPrivate)
        var values = ["STEP": run.options.again(task.id.description)]
        if let container = task.action.startedContainer {
            values["CONTAINER"] = container.name
            values["NAME"] = container.name
            values["IMAGE"] = try? await run.reference(container.image)
            values["MEMORY_LIMIT"] = container.memory
        }
        values[RemedyFacts.Word.dockerfile] = studentDockerfile
        return facts.with(values.filter { $0.key == "STEP" || RemedyFacts.Word.isHarmless($0.value) }, variables: run.variables)
    }

    /// The student's Dockerfile of the image whose program ran.
    private var studentDockerfile: String? {
        guard let file = run.spec.studentFile(usedBy: task), let own = try? StudentFile(file, run), own.state == .own else { return nil }
        return own.path
    }
}

extension RunOptions {
    /// The words after `ailab step` that run these steps in the same way again.
    func again(_ selection: String) -> String {
        guard let typed else { return auto ? "\(selection) --auto" : selection }
        return typed.isEmpty ? selection : "\(selection) \(typed)"
    }

    /// Applies the changes of a retry.
    package mutating func apply(_ retry: Retry) {
        typed = ([typed ?? (auto ? "--auto" : "")] + retry.words).filter { !$0.isEmpty }.joined(separator: " ")
        auto = auto || retry.auto
        quick = quick || retry.quick
        force = force || retry.force
        if let chosen = retry.device.flatMap({ Device(rawValue: $0.rawValue) }) { device = chosen }
        set.merge(retry.set) { _, new in new }
    }
}
