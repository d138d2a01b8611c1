import ArgumentParser
import Diagnosis
import LabEngine
import LabRunner
import LabSupport

/// `ailab step … --fix`: where a step fails for a cause with a cure, the cure and then the step again.
struct StepFixer {
    let watcher: RunWatcher
    var session: CureSession

    /// Most causes that are cured for one step: each run may meet the next one.
    private static let mostCures = 4

    init(watcher: RunWatcher, session: CureSession) {
        self.watcher = watcher
        self.session = session
    }

    /// Carries the steps out; returns the exit code of the last run.
    mutating func carryOut(_ selection: String, _ options: RunOptions) async throws -> Int32 {
        var ending = try await watcher.carryOut(selection, options)
        var options = options
        var known: Set<String> = []
        // A cause that comes back was not cured by its cure.
        while isCurable(ending), known.count < Self.mostCures, let finding = ending.findings.first, known.insert(finding.cause).inserted {
            var last: RunWatcher.Ending?
            let first = options
            let watcher = watcher
            let later = Locked<RunWatcher.Ending?>(nil)
            var changed = options
            let cured = try await session.cure(finding.cause, finding.remedies) { plan, environment in
                changed = Cure.options(first, after: plan)
                last = try await watcher.moved(environment).carryOut(selection, changed)
                if last?.exitCode == ExitCodes.interrupted.rawValue { throw ExitCodes.interrupted }
                return last?.exitCode == 0
            } verify: { cure, _ in
                var again = first
                again.cure = cure
                let ending = try await watcher.carryOut(selection, again)
                later.withLock { $0 = ending }
                if ending.exitCode == ExitCodes.interrupted.rawValue { throw ExitCodes.interrupted }
                return ending.exitCode == 0
            }
            options = changed
            guard let newest = last ?? later.withLock({ $0 }) else { break }
            ending = newest
            if cured { break }
        }
        return ending.exitCode
    }

    private func isCurable(_ ending: RunWatcher.Ending) -> Bool { ending.exitCode != 0 && ending.exitCode != 130 && ending.exitCode != 2 }
}

extension RunWatcher {
    /// The same in the workspace that a cure chose, if it chose one.
    fileprivate func moved(_ environment: [String: String]) throws -> RunWatcher {
        guard let home = environment["AILAB_HOME"], home != Console.environment["AILAB_HOME"] else { return self }
        return RunWatcher(workspace: try Workspace(root: home), labFile: labFile, view: view)
    }
}
