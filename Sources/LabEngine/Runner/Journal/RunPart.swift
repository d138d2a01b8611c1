import LabFile

/// The progress of a run with some of its tasks.
package struct RunPart: Sendable {
    private let planned: Set<TaskID>?
    private let endings: [TaskID: TaskFinished]
    private let end: RunFinished?

    init(_ tasks: Set<TaskID>, _ progress: LabProgress) {
        let run = progress.run
        planned = run.map { tasks.intersection($0.start.tasks.map(\.id)) }
        endings = progress.records.filter { tasks.contains($0.key) && $0.value.endedIn == run?.number && $0.value.phase != .begun }
            .compactMapValues(\.end)
        end = run?.end
    }

    /// True if the run has published its plan, and none of the tasks is in it.
    package var isElsewhere: Bool { planned?.isEmpty ?? false }

    /// True if all of them in the plan have ended, or the run has.
    package var isOver: Bool { end != nil || planned.map { !$0.isEmpty && $0.isSubset(of: endings.keys) } ?? false }

    /// 0 if all of them succeeded, or else the exit code of the first failure. Nil while they are running.
    package var exitCode: Int32? {
        guard isOver else { return nil }
        guard !endings.isEmpty else { return end?.exitCode }
        return endings.sorted { $0.key < $1.key }.map { Self.exitCode(of: $0.value) }.first { $0 != 0 } ?? 0
    }

    private static func exitCode(of end: TaskFinished) -> Int32 {
        switch end.outcome {
        case .succeeded, .satisfied, .unavailable: ExitStatus.succeeded
        case .cancelled: ExitStatus.cancelled
        case .failed, .blocked, .waiting: max(ExitStatus.failed, end.error?.exitStatus ?? ExitStatus.failed)
        }
    }
}
