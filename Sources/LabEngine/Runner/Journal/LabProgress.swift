package import Diagnosis
package import LabFile

/// How a lab stands: the one fold over its journals, event by event. Whatever shows or asks for a state reads it here.
///
/// It takes every event; readers that need states only leave out the types that are not in `types`.
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
        /// What kept it from its first task.
        package var findings: [Finding] = []
        /// Nobody writes its journal any more, and it did not say that it ended.
        package var isLost = false

        package var isAlive: Bool { end == nil && !isLost }
    }

    /// A run that ended without saying so: its runner was killed, or the machine went down.
    package struct Interrupted: Sendable, Equatable {
        package var run: Int
        /// Tasks that were at work.
        package var tasks: [TaskID]
    }

    package private(set) var records: [TaskID: TaskRecord] = [:]
    /// The newest run.
    package private(set) var run: Run?
    /// Values that checks found, by name.
    package private(set) var captured: [String: String] = [:]
    /// SHA-256 of the student's files as they were last seen, by path in the student's folder.
    package private(set) var files: [String: String] = [:]
    private let outline: LabOutline
    /// The events that come now are those of an earlier version's mark; see `RunStarted.isMark`.
    private var isInMark = false

    /// Of a lab whose tasks are unknown: nothing of it is only read, and nothing is made from anything else.
    package init() { outline = LabOutline() }

    package init(_ spec: LabSpec) { outline = LabOutline(spec) }

    /// The types of events that states depend on. A `fact` may be an earlier version's mark.
    static let types = [
        "runStarted", "runFinished", "taskStarted", "taskFinished", "taskReset", "taskSkipped", "taskUnskipped", "looked", "fileEdited",
        "check",
        "captured", "fact",
    ]

    // MARK: Folding

    /// Takes the next event. `number` is the run whose journal it stands in; nil: that of the workspace.
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
        case .finding(let finding) where event.task == nil: run?.findings.append(finding)
        case .notice(let notice) where event.task == nil: run?.notices.append(notice)
        default: if let task = event.task { apply(event, to: task, of: number) }
        }
    }

    package mutating func apply(_ events: some Sequence<Event>, of number: Int? = nil) {
        for event in events { apply(event, of: number) }
    }

    /// The run's runner is gone. Tasks that were at work were interrupted.
    package mutating func closeRun() {
        guard run?.isAlive == true else { return }
        leaveOpen()
        run?.isLost = true
    }

    private mutating func begin(_ start: RunStarted, _ number: Int, _ time: Double) {
        isInMark = start.isMark
        guard !isInMark else { return }
        closeRun()
        run = Run(number: number, start: start, began: time)
    }

    /// Notes what the run began and says nothing more of.
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
            // A look without work replaces the old checks and keeps the output of the time when it was done.
            if record.checkedIn != run?.number { record.checks = [] }
            record.checkedIn = run?.number
            record.checks.append(check)
        case .captured(let value):
            captured[value.name] = value.value
            record.add(event.payload, time: event.time)
        default: record.add(event.payload, time: event.time)
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
        record.phase = .ended(end.outcome)
        record.endedIn = number
        record.shell = nil
        if end.outcome != .blocked { record.abandoned = [] }
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

    /// A result is another one than before: what was made from the one before is out of date, and so is what was made from that.
    private mutating func outdate(madeFrom task: TaskID) {
        for other in outline.madeFrom[task] ?? [] where records[other]?.standing == .done && records[other]?.success != nil {
            records[other]?.standing = .noLonger(.changed)
            outdate(madeFrom: other)
        }
    }
}

extension TaskRecord {
    /// Takes what a look at the machine found. What an attempt said goes on counting, unless the task turns out to be done.
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

/// What states depend on beside the journals: which tasks are only read, which have a result, and what is made from what.
struct LabOutline: Sendable, Equatable {
    private(set) var reads: Set<TaskID> = []
    private(set) var results: Set<TaskID> = []
    /// The tasks that use a result directly.
    private(set) var madeFrom: [TaskID: [TaskID]] = [:]

    init() {}

    init(_ spec: LabSpec) {
        for task in spec.tasks {
            if case .read = task.action { reads.insert(task.id) }
            if task.action.hasResult { results.insert(task.id) }
        }
        for task in spec.tasks {
            for need in task.needs where results.contains(need) { madeFrom[need, default: []].append(task.id) }
        }
    }
}

extension LabProgress {
    /// How a task stands.
    package func state(of task: TaskID) -> TaskState { state(of: task, behind: []) }

    private func state(of task: TaskID, behind: Set<TaskID>) -> TaskState {
        guard let record = records[task] else { return .open }
        switch record.phase {
        case .begun: return run?.number == record.run && run?.isAlive == true ? .running : .interrupted
        case .ended(.failed): return .failed
        case .ended(.waiting): return .waiting
        case .none, .ended: break
        }
        switch record.standing {
        case .done: return outline.reads.contains(task) ? .read : .done
        case .noLonger(let reason): return .noLonger(reason)
        case nil: break
        }
        if record.isSkipped { return .skipped }
        switch record.phase {
        case .ended(.cancelled): return .cancelled
        case .ended(.blocked):
            // A record of another version of the lab could name tasks that wait for each other.
            guard let blocker = record.end?.blockedBy, !behind.contains(blocker) else { return .open }
            return state(of: blocker, behind: behind.union([task])).blocksOthers ? .blocked(by: blocker) : .open
        case .none, .begun, .ended: return .open
        }
    }

    /// What keeps a task from beginning.
    package func blocker(of task: TaskID) -> TaskID? {
        if case .blocked(let blocker) = state(of: task) { blocker } else { nil }
    }

    /// The checks of a task as they were last made, by a run or by a look.
    package func checks(of task: TaskID) -> [CheckResult] { records[task]?.checks ?? [] }
}
