package import LabFile

/// Questions to the fold, apart from the state of a task.
extension LabProgress {
    /// The last successes. They count only while their fingerprints are up to date.
    package var successes: [TaskID: TaskRecord.Success] { records.compactMapValues(\.success) }

    package func success(of task: TaskID) -> TaskRecord.Success? { records[task]?.success }

    /// True if `later` was finished after `earlier`.
    package func ended(_ earlier: TaskID, by later: TaskID) -> Bool {
        guard let end = success(of: later), let start = success(of: earlier) else { return false }
        return (end.run, end.time) > (start.run, start.time)
    }

    /// The runs whose objects on the engine are this task's unfinished work.
    package func abandoned(_ task: TaskID) -> Set<Int> { records[task]?.abandoned ?? [] }

    /// The last run, if it was interrupted.
    package var interrupted: Interrupted? {
        guard let run, run.isLost else { return nil }
        let tasks = records.filter { $0.value.phase == .begun && $0.value.run == run.number }.keys.sorted()
        return Interrupted(run: run.number, tasks: tasks)
    }

    /// The tasks that are running, in the order in which they started.
    package var working: [TaskID] {
        guard let run, run.isAlive else { return [] }
        return records.filter { $0.value.phase == .begun && $0.value.run == run.number }
            .sorted { ($0.value.began ?? 0, $0.key) < ($1.value.began ?? 0, $1.key) }.map(\.key)
    }

    /// The options of the last run. Its cure is left out, because that was for this run only.
    package var options: RunOptions {
        var options = run?.start.options ?? RunOptions()
        options.cure = nil
        return options
    }

    /// The first failed task of a run.
    package func firstFailure(of run: Int) -> TaskID? {
        records.filter { $0.value.run == run && $0.value.phase == .ended(.failed) }.keys.min()
    }

    /// How many of these tasks are done, and the states of the others.
    package func tally(_ tasks: [LabTask]) -> LabTally { LabTally(tasks.map { ($0, state(of: $0.id)) }) }

    /// The progress of the last run with some tasks.
    package func part(_ tasks: Set<TaskID>) -> RunPart { RunPart(tasks, self) }
}

/// How many sub-steps are done. Sub-steps that the student only reads are counted separately.
package struct LabTally: Sendable, Equatable {
    package private(set) var done = 0
    /// All sub-steps that can be done.
    package private(set) var all = 0
    package private(set) var skipped = 0
    package private(set) var read = 0
    /// All sub-steps that the student only reads.
    package private(set) var readings = 0

    package init() {}

    fileprivate init(_ tasks: [(task: LabTask, state: TaskState)]) {
        for (task, state) in tasks {
            if case .read = task.action { readings += 1 } else { all += 1 }
            if state.isDone { done += 1 }
            if state == .skipped { skipped += 1 }
            if state == .read { read += 1 }
        }
    }

    /// True if nothing is left to do.
    package var isComplete: Bool { done == all && read == readings }
}

/// The progress of a run with some of its tasks.
package struct RunPart: Sendable {
    private let planned: Set<TaskID>?
    private let endings: [TaskID: TaskFinished]
    private let end: RunFinished?

    fileprivate init(_ tasks: Set<TaskID>, _ progress: LabProgress) {
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
        case .succeeded, .satisfied: 0
        case .cancelled: 130
        case .failed, .blocked, .waiting: max(1, end.error?.exitStatus ?? 1)
        }
    }
}
