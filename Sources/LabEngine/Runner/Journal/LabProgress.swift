package import Diagnosis
package import LabFile
import LabSupport

/// The state of a lab: the one fold over its journals, event by event. Everything that shows or uses a state reads it here.
///
/// It accepts every event. Readers that need only states can skip the types that aren't in `types`.
package struct LabProgress: Sendable, Equatable {
    /// A run as a whole.
    package struct Run: Sendable, Equatable {
        package var number: Int
        package var start: RunStarted
        package var began: Double
        package var end: RunFinished?
        package var engine: EngineConnected?
        package var device: DeviceChosen?
        package var notices: [Notice] = []
        /// The problems that stopped it before its first task.
        package var findings: [Finding] = []
        /// Its journal doesn't say that it ended, but no process writes it any more.
        package var isLost = false

        package var isAlive: Bool { end == nil && !isLost }
    }

    /// A run that ended without recording it: its runner was killed, or the machine went down.
    package struct Interrupted: Sendable, Equatable {
        package var run: Int
        /// The tasks that were running.
        package var tasks: [TaskID]
    }

    package private(set) var records: [TaskID: TaskRecord] = [:]
    /// The last run.
    package private(set) var run: Run?
    /// Values that checks captured, by name.
    package private(set) var captured: [String: String] = [:]
    /// The SHA-256 sums of the student's files when they were last seen, by path in the student's folder.
    package private(set) var files: [String: String] = [:]
    /// What the student did besides running tasks.
    package private(set) var help = StudentHelp()
    private let outline: LabOutline
    /// The current events belong to an earlier version's mark. See `RunStarted.isMark`.
    private var isInMark = false

    /// For a lab whose tasks are unknown: it assumes that no task is only for reading, and that no task uses another's result.
    package init() { outline = LabOutline() }

    package init(_ spec: LabSpec) { outline = LabOutline(spec) }

    /// The types of events that states depend on. A `fact` may be an earlier version's mark. A `notice` says whose solution was used.
    static let types = [
        "runStarted", "runFinished", "taskStarted", "taskFinished", "taskReset", "taskSkipped", "taskUnskipped", "looked", "fileEdited",
        "questionAnswered", "hintOpened", "settingsChanged", "check", "captured", "fact", "notice",
    ]

    // MARK: Folding

    /// Applies the next event. `number` is the run of its journal. Nil for the workspace's journal.
    package mutating func apply(_ event: Event, of number: Int? = nil) {
        switch event.payload {
        case .runStarted(let start): begin(start, number ?? start.run, event.time)
        case .runFinished(let end):
            guard !isInMark else { return isInMark = false }
            leaveOpen()
            run?.end = end
        case .engineConnected(let engine): run?.engine = engine
        case .deviceChosen(let device): run?.device = device
        case .fileEdited(let edit): files[edit.path] = edit.sha256
        case .questionAnswered(let answer): help.take(answer, of: event.task)
        case .hintOpened(let hint): help.take(hint, of: event.task)
        case .settingsChanged(let settings): help.take(settings)
        case .finding(let finding) where event.task == nil: run?.findings.append(finding)
        case .notice(let notice) where event.task == nil: run?.notices.append(notice)
        case .finding, .notice, .taskStarted, .taskFinished, .taskReset, .taskSkipped, .taskUnskipped, .looked, .check, .captured, .fact,
            .progress, .output, .metric, .sourceChosen, .sourceFailed, .created, .prediction, .shellReady, .shellEnded, .reattached,
            .unknown:
            if let task = event.task { apply(event, to: task, of: number) }
        }
    }

    package mutating func apply(_ events: some Sequence<Event>, of number: Int? = nil) {
        for event in events { apply(event, of: number) }
    }

    /// The run's runner has exited. Its running tasks were interrupted.
    package mutating func closeRun() {
        guard run?.isAlive == true else { return }
        leaveOpen()
        run?.isLost = true
    }

    private mutating func begin(_ start: RunStarted, _ number: Int, _ time: Double) {
        isInMark = start.isMark
        guard !isInMark else { return }
        closeRun()
        help.runBegan()
        run = Run(number: number, start: start, began: time)
    }

    /// Closes the tasks that the run started and didn't finish.
    private mutating func leaveOpen() {
        guard let run else { return }
        for (task, record) in records where record.phase == .begun && record.run == run.number {
            records[task]?.abandoned.insert(run.number)
        }
    }

    private mutating func apply(_ event: Event, to task: TaskID, of number: Int?) {
        var record = records.removeValue(forKey: task) ?? TaskRecord()
        defer { records[task] = record }
        switch event.payload {
        case .taskStarted(let start): record = begun(record, start, event.time)
        case .taskFinished(let end): finish(&record, end, task, event.time)
        case .taskReset: record = TaskRecord()
        case .taskSkipped: record.isSkipped = true
        case .taskUnskipped: record.isSkipped = false
        case .looked(let look):
            guard record.phase != .begun || record.run != run?.number || run?.isAlive == false else { return }
            record.take(look, in: number)
        case .check(let check):
            // A look without work replaces the checks, but it keeps the output from when the task was done.
            if record.checkedIn != run?.number { record.checks = [] }
            record.checkedIn = run?.number
            record.checks.append(check)
        case .captured(let value):
            captured[value.name] = value.value
            record.add(event.payload, time: event.time)
        case .runStarted, .runFinished, .engineConnected, .deviceChosen, .fileEdited, .questionAnswered, .hintOpened, .settingsChanged,
            .finding, .notice, .fact, .progress, .output, .metric,
            .sourceChosen, .sourceFailed, .created, .prediction, .shellReady, .shellEnded, .reattached, .unknown:
            record.add(event.payload, time: event.time)
        }
    }

    private func begun(_ old: TaskRecord, _ start: TaskStarted, _ time: Double) -> TaskRecord {
        var record = TaskRecord()
        record.success = old.success
        record.standing = old.standing
        record.isByHand = old.isByHand
        record.abandoned = old.abandoned
        record.endedIn = old.endedIn
        record.phase = .begun
        record.run = run?.number ?? 0
        record.checkedIn = run?.number
        record.began = time
        record.commands = start.commands
        return record
    }

    private mutating func finish(_ record: inout TaskRecord, _ end: TaskFinished, _ task: TaskID, _ time: Double) {
        let number = run?.number ?? 0
        record.end = end
        record.closeInstructions(end.outcome == .failed ? .failed : end.outcome.isDone ? .done : .stopped, time: time)
        record.phase = .ended(end.outcome)
        record.endedIn = number
        record.shell = nil
        if end.error?.code == .engineLost {
            // Its containers may still run, or end well without an engine to tell.
            record.abandoned.insert(number)
        } else if end.outcome != .blocked {
            record.abandoned = []
        }
        guard end.outcome.isDone else { return }
        record.standing = .done
        record.isSkipped = false
        guard end.outcome == .succeeded || record.success == nil else { return }
        let isOther = record.success.map { $0.fingerprint != end.fingerprint } ?? false
        record.isByHand = end.outcome == .satisfied && outline.results.contains(task)
        record.success = TaskRecord.Success(
            run: number, time: time, seconds: end.outcome == .succeeded ? end.seconds : 0, fingerprint: end.fingerprint,
            checks: record.checkedIn == number ? record.checks : [], options: run?.start.options ?? RunOptions())
        if isOther { outdate(madeFrom: task) }
    }

    /// A result has changed, so the results that were made from it are out of date, and also those made from them.
    private mutating func outdate(madeFrom task: TaskID) {
        for other in outline.madeFrom[task] ?? [] where records[other]?.standing == .done && records[other]?.success != nil {
            records[other]?.standing = .noLonger(.changed)
            outdate(madeFrom: other)
        }
    }
}

extension TaskRecord {
    /// Applies a look at the machine. The last attempt still counts, unless the task turns out to be done.
    fileprivate mutating func take(_ look: Looked, in run: Int?) {
        if let found = look.checks {
            checks = found
            checkedIn = run
        }
        switch look.verdict {
        case .done, .byHand:
            standing = .done
            phase = .none
            isByHand = look.verdict == .byHand
        case .changed: standing = .noLonger(.changed)
        case .gone: standing = .noLonger(.gone)
        case .open: standing = nil
        }
    }
}

/// The facts of the lab file that states depend on: which tasks are only for reading, which have a result, and which use another's result.
struct LabOutline: Sendable, Equatable {
    private(set) var reads: Set<TaskID> = []
    private(set) var results: Set<TaskID> = []
    /// The tasks that use a task's result directly.
    private(set) var madeFrom: [TaskID: [TaskID]] = [:]

    init() {}

    init(_ spec: LabSpec) {
        for task in spec.tasks {
            if task.action.isReading { reads.insert(task.id) }
            if task.action.hasResult { results.insert(task.id) }
        }
        for task in spec.tasks {
            for need in task.needs where results.contains(need) { madeFrom[need, default: []].append(task.id) }
        }
    }
}

extension LabProgress {
    /// The state of a task.
    package func state(of task: TaskID) -> TaskState { state(of: task, behind: []) }

    private func state(of task: TaskID, behind: Set<TaskID>) -> TaskState {
        guard let record = records[task] else { return .open }
        switch record.phase {
        case .begun where run?.number == record.run && run?.isAlive == true: return .running
        case .begun, .none, .ended: break
        }
        // The next attempt takes the mark back.
        if record.isSkipped, record.standing != .done { return .skipped }
        switch record.phase {
        case .begun: return .interrupted
        case .ended(.failed): return .failed
        case .ended(.waiting): return .waiting
        case .ended(.unavailable): return .unavailable
        case .none, .ended: break
        }
        if record.standing == .done { return outline.reads.contains(task) ? .read : .done }
        // The last run couldn't start this task. The student has to know that first, and not that its earlier result doesn't count.
        if let blocker = blocker(behind: record, behind.union([task])) { return .blocked(by: blocker) }
        if case .noLonger(let reason) = record.standing { return .noLonger(reason) }
        return record.phase == .ended(.cancelled) ? .cancelled : .open
    }

    /// The task that the last run was waiting for, if that one still can't be used.
    private func blocker(behind record: TaskRecord, _ seen: Set<TaskID>) -> TaskID? {
        // A record of another version of the lab could contain tasks that wait for each other.
        guard record.phase == .ended(.blocked), let blocker = record.end?.blockedBy, !seen.contains(blocker) else { return nil }
        return state(of: blocker, behind: seen).blocksOthers ? blocker : nil
    }

    /// The task that prevents this one from starting.
    package func blocker(of task: TaskID) -> TaskID? {
        if case .blocked(let blocker) = state(of: task) { blocker } else { nil }
    }

    /// The last results of a task's checks, from a run or from a look.
    package func checks(of task: TaskID) -> [CheckResult] { records[task]?.checks ?? [] }
}
