import ContainerEngine
import LabFile
import LabSupport

extension CheckEvaluator {
    /// Runs the command until it prints what is wanted. Only a task that just ran is waited for: a look at the machine says how it is now.
    func command(_ check: LabCommandCheck) async throws -> Finding {
        let limit = transcript == nil ? Duration.zero : .seconds(check.within ?? 0)
        let began = ContinuousClock.now
        while true {
            let finding = try await commandNow(check)
            let waited = began.duration(to: .now)
            if finding.passed || waited >= limit { return Self.telling(finding, check, waited: check.within == nil ? nil : waited) }
            try await Task.sleep(for: Self.commandPause)
        }
    }

    /// Between two attempts.
    private static let commandPause: Duration = .milliseconds(300)

    /// The time for one attempt. A command that waits for something itself would hold up `verify`.
    private static let commandTimeout: Duration = .seconds(15)

    private func commandNow(_ check: LabCommandCheck) async throws -> Finding {
        let docker = try await run.docker
        guard try await docker.containerIfPresent(check.container)?.state.isRunning == true else {
            return Finding(
                passed: false, wanted: Self.wanted(check.match),
                found: Text(en: "\(check.container) isn't running", zh: "\(check.container) 未在运行"))
        }
        let result = try await Deadline.run(Self.commandTimeout) { try await docker.exec(check.container, ExecConfig(check.command)) }
        guard let result else {
            let seconds = Self.commandTimeout.components.seconds
            return Finding(
                passed: false, wanted: Self.wanted(check.match),
                found: Text(en: "no answer within \(seconds) seconds", zh: "\(seconds) 秒内没有响应"))
        }
        let text = SafeLines.clean(text: String(decoding: result.stdout + result.stderr, as: UTF8.self))
        var finding = try await found(check.match, in: text)
        if !finding.passed, let last = text.split(whereSeparator: \.isNewline).last {
            finding.found = Text(verbatim: String(last.prefix(120)))
        }
        return finding
    }

    private static func telling(_ finding: Finding, _ check: LabCommandCheck, waited: Duration?) -> Finding {
        var finding = finding
        let line = ShellWord.line(check.command)
        let command = line.count > 60 ? check.command.first ?? "" : line
        finding.wanted = Text(en: "`\(command)`: \(finding.wanted.en)", zh: "`\(command)`：\(finding.wanted.zh)")
        if finding.passed, let waited, waited >= .seconds(1) {
            let seconds = waited.components.seconds
            finding.found = Text(en: "\(finding.found.en) (after \(seconds) s)", zh: "\(finding.found.zh)（\(seconds) 秒后）")
        }
        return finding
    }
}
