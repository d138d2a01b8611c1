import Diagnosis
import HTTPTransport
package import LabRunner
import LabSupport

/// Runs steps; if a run fails for a cause with a cure, cures it and runs the steps again.
package struct StepFix<Dialogue: CureDialogue> {
    /// Runs steps in a lab and shows the run to its end.
    package typealias Run = @Sendable (_ lab: OpenedLab, _ selection: String, _ options: RunOptions) async throws -> RunEnding

    private let lab: OpenedLab
    private let run: Run
    private var session: CureSession<Dialogue>

    package init(_ lab: OpenedLab, dialogue: Dialogue, run: @escaping Run) {
        self.lab = lab
        self.run = run
        session = CureSession(dialogue: dialogue, environment: lab.environment)
    }

    /// The limit of cures for one call: each run may meet the next cause.
    private static var cureLimit: Int { 4 }

    /// The last run, and what it was asked for.
    private struct Attempt: Sendable {
        var ending: RunEnding
        var options: RunOptions
    }

    /// Thrown behind a run that a person ended: nothing more is tried.
    private struct Interrupted: Error {}

    /// Returns how the last run ended.
    package mutating func perform(_ selection: String, _ options: RunOptions) async throws -> RunEnding {
        let attempt = Locked(Attempt(ending: try await run(lab, selection, options), options: options))
        var known: Set<String> = []
        // A cause that comes back was not cured by its cure.
        while let finding = Self.curable(attempt.withLock { $0.ending }), known.count < Self.cureLimit,
            known.insert(finding.cause).inserted
        {
            let docker = try? await EngineFinder.find(http: CurlHTTPClient.shared, environment: session.environment).docker
            let before = attempt.withLock { $0.options }
            let runsAgain = Locked(false)
            do {
                let isCured = try await session.cure(finding.cause, finding.remedies, docker: docker, runsSteps: true) {
                    [lab, run] plan, environment in
                    runsAgain.withLock { $0 = true }
                    let next = try await Self.again(lab, selection, before.after(plan), environment, run)
                    attempt.withLock { last in
                        last.ending = next.ending
                        // What a retry changed goes on holding, a cure's own mark doesn't.
                        if plan.retry != nil { last.options = next.options }
                    }
                    if next.ending.exitCode == ExitStatus.cancelled { throw Interrupted() }
                    return next.ending.exitCode == ExitStatus.succeeded
                }
                if isCured || !runsAgain.withLock({ $0 }) { break }
            } catch is Interrupted {
                break
            }
        }
        return attempt.withLock { $0.ending }
    }

    private static func again(
        _ lab: OpenedLab, _ selection: String, _ options: RunOptions, _ environment: [String: String], _ run: Run
    ) async throws -> Attempt {
        Attempt(ending: try await run(try lab.moved(to: environment), selection, options), options: options)
    }

    /// The cause to cure. Wrong use and a run that a person ended have none.
    private static func curable(_ ending: RunEnding) -> Finding? {
        switch ending.exitCode {
        case ExitStatus.succeeded, ExitStatus.wrongUse, ExitStatus.cancelled: nil
        default: ending.findings.first
        }
    }
}
