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

    /// The options of the last run, with the settings that the student saved since then. Its cure is left out, because that was for this run
    /// only.
    package var options: RunOptions {
        var options = help.current(run?.start.options ?? RunOptions())
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
