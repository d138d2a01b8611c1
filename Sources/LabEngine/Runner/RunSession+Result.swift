import LabFile
import LabSupport

extension RunSession {
    /// The result of a whole run.
    struct Result: Sendable, Equatable {
        var outcome: RunFinished.Outcome
        var error: LabError?

        static func blocked(_ error: LabError) -> Result { Result(outcome: .blocked, error: error) }

        var exitCode: Int32 {
            switch outcome {
            case .succeeded: ExitStatus.succeeded
            case .cancelled: ExitStatus.cancelled
            case .failed: error.map { max(ExitStatus.failed, $0.exitStatus) } ?? ExitStatus.failed
            case .blocked: error?.exitStatus ?? ExitStatus.blocked
            }
        }
    }
}

extension RunSession.Result {
    /// The verdict on a run, from the endings of its tasks.
    struct Judged: Sendable, Equatable {
        var result: RunSession.Result
        /// Homework that wasn't done and doesn't count.
        var homework: [TaskID]

        /// Homework counts only if it was requested by its own number (`chosen`).
        init(requested: [TaskID], endings: [Runner.Ending], spec: LabSpec, chosen: Set<TaskID>) {
            // The student can't help it if this machine can't do a task.
            let done = Set(endings.filter { $0.outcome.isDone || $0.outcome == .unavailable }.map(\.task))
            let missing = requested.filter { !done.contains($0) }
            let isHomework = { (task: TaskID) in spec.task(task)?.optional == true && !chosen.contains(task) }
            homework = missing.filter(isHomework)
            guard homework.count < missing.count else {
                result = RunSession.Result(outcome: .succeeded)
                return
            }
            // The first failure decides the exit code. A problem with the machine has another code than a failed step.
            let counted = endings.filter { !isHomework($0.task) }
            let first =
                counted.first { $0.outcome == .failed } ?? counted.first { $0.outcome == .waiting } ?? endings.first { $0.error != nil }
            result = RunSession.Result(outcome: first?.error?.exitStatus == ExitStatus.blocked ? .blocked : .failed, error: first?.error)
        }
    }
}
