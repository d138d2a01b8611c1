package import LabFile
package import LabSupport

/// What the journals of a workspace say about each task: a pure fold, newest run last.
package struct RunHistory: Sendable, Equatable {
    /// The last time that a task was brought to its end.
    package struct Success: Sendable, Equatable {
        package var run: Int
        package var time: Double
        package var seconds: Double
        package var fingerprint: String
        /// Its checks at that time.
        package var checks: [CheckResult]
        /// How that run was asked for.
        package var options: RunOptions
    }

    /// The last thing that happened to a task, whatever it was.
    package struct Last: Sendable, Equatable {
        package var run: Int
        package var outcome: TaskFinished.Outcome?
        package var error: LabError?
    }

    /// A run that ended without saying so: its runner was killed, or the machine went down.
    package struct Interrupted: Sendable, Equatable {
        package var run: Int
        /// Tasks that were being carried out.
        package var tasks: [TaskID]
    }

    package private(set) var successes: [TaskID: Success] = [:]
    package private(set) var last: [TaskID: Last] = [:]
    /// Runs that began a task and ended without a word about it, as long as no later run brought it to an end: what they left on the
    /// engine is this task's work.
    package private(set) var abandoned: [TaskID: Set<Int>] = [:]
    package private(set) var captured: [String: String] = [:]
    /// The newest run, where it was interrupted.
    package private(set) var interrupted: Interrupted?
    /// The newest run's number; 0 where there is none.
    package private(set) var latestRun = 0
    /// How the newest run was asked for.
    package private(set) var latestOptions = RunOptions()

    package init() {}

    /// Folds the journals of all runs of one lab. `living` is the run that a runner is busy with, if any.
    package init(_ workspace: Workspace, lab: String, living: Int?) {
        self.init()
        for folder in workspace.runs where folder.number != living {
            fold(JournalReader.events(of: folder, types: Self.types), run: folder.number, lab: lab)
        }
    }

    /// What of a journal the fold looks at.
    static let types = ["runStarted", "runFinished", "taskStarted", "taskFinished", "taskReset", "check", "captured"]

    /// Adds the journal of one run.
    package mutating func fold(_ events: [Event], run: Int, lab: String) {
        guard case .runStarted(let start)? = events.first?.payload, start.lab == lab else { return }
        latestRun = run
        latestOptions = start.options
        // It was for that run alone.
        latestOptions.cure = nil
        var open: Set<TaskID> = []
        var checks: [TaskID: [CheckResult]] = [:]
        var finished = false
        for event in events {
            switch event.payload {
            case .runFinished: finished = true
            case .captured(let captured): self.captured[captured.name] = captured.value
            default: break
            }
            guard let task = event.task else { continue }
            switch event.payload {
            case .taskStarted:
                open.insert(task)
                checks[task] = []
                last[task] = Last(run: run, outcome: nil, error: nil)
            case .check(let result): checks[task, default: []].append(result)
            case .taskFinished(let end):
                open.remove(task)
                note(task, end, start, time: event.time, checks: checks[task] ?? [])
            case .taskReset: forget(task)
            default: break
            }
        }
        interrupted = finished ? nil : Interrupted(run: run, tasks: open.sorted())
        for task in open { abandoned[task, default: []].insert(run) }
    }

    private mutating func note(_ task: TaskID, _ end: TaskFinished, _ start: RunStarted, time: Double, checks: [CheckResult]) {
        last[task] = Last(run: start.run, outcome: end.outcome, error: end.error)
        if end.outcome != .blocked { abandoned[task] = nil }
        var success = Success(
            run: start.run, time: time, seconds: end.seconds, fingerprint: end.fingerprint, checks: checks, options: start.options)
        switch end.outcome {
        case .succeeded:
            successes[task] = success
        case .satisfied where successes[task] == nil:
            // Found done without a record: by hand, or by a journal that is gone.
            success.seconds = 0
            successes[task] = success
        default: break
        }
    }

    /// True where `later` was brought to its end after `earlier` was.
    package func ended(_ earlier: TaskID, by later: TaskID) -> Bool {
        guard let end = successes[later] else { return false }
        guard let start = successes[earlier] else { return false }
        return (end.run, end.time) > (start.run, start.time)
    }

    /// A task that was reset is started anew by the next run.
    private mutating func forget(_ task: TaskID) {
        successes[task] = nil
        last[task] = nil
        abandoned[task] = nil
    }
}
