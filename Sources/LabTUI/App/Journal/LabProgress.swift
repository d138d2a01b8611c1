package import Diagnosis
package import LabFile
package import LabRunner

/// How a task stands, as the list shows it.
package enum TaskState: Sendable, Equatable {
    case open
    case running
    case done
    case failed
    case waiting
    case blocked
    case cancelled
    case interrupted
    case skipped
}

/// What the journals of all runs say, folded event by event: the newest run last.
package struct LabProgress: Sendable, Equatable {
    /// A run as a whole.
    package struct Run: Sendable, Equatable {
        package var number: Int
        package var start: RunStarted?
        package var began: Double = 0
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

    package private(set) var records: [TaskID: TaskRecord] = [:]
    /// Seconds that the last success took.
    package private(set) var successes: [TaskID: Double] = [:]
    package private(set) var run: Run?
    /// The last event's time.
    package private(set) var time: Double = 0

    package init() {}

    /// Adds the next events of a run of this lab.
    package mutating func fold(_ events: [Event], run number: Int) {
        if run?.number != number {
            closeRun()
            run = Run(number: number)
        }
        for event in events { fold(event) }
    }

    /// The run's runner is gone. Tasks that were at work were interrupted.
    package mutating func closeRun() {
        guard run != nil, run?.end == nil else { return }
        run?.isLost = true
    }

    package func state(of task: TaskID) -> TaskState {
        guard let record = records[task] else { return .open }
        switch record.end?.outcome {
        case nil: return record.began == nil ? .open : run?.number == record.run && run?.isAlive == true ? .running : .interrupted
        case .succeeded, .satisfied: return .done
        case .failed: return .failed
        case .cancelled: return successes[task] == nil ? .cancelled : .done
        case .blocked: return successes[task] == nil ? .blocked : .done
        case .waiting: return .waiting
        }
    }

    /// Tasks at work now, in the order in which they began.
    package var working: [TaskID] {
        guard let run, run.isAlive else { return [] }
        return records.filter { $0.value.run == run.number && $0.value.began != nil && $0.value.end == nil }
            .sorted { ($0.value.began ?? 0, $0.key) < ($1.value.began ?? 0, $1.key) }.map(\.key)
    }

    private mutating func fold(_ event: Event) {
        time = event.time
        switch event.payload {
        case .runStarted(let start):
            run?.start = start
            run?.began = event.time
        case .runFinished(let end): run?.end = end
        case .engineConnected(let engine): run?.engine = engine
        case .deviceChosen(let device): run?.device = device
        case .finding(let finding) where event.task == nil: run?.findings.append(finding)
        case .notice(let notice) where event.task == nil: run?.notices.append(notice)
        default:
            if let task = event.task { fold(event, task) }
        }
    }

    private mutating func fold(_ event: Event, _ task: TaskID) {
        let number = run?.number ?? 0
        var record = records.removeValue(forKey: task) ?? TaskRecord()
        defer { records[task] = record }
        switch event.payload {
        case .taskStarted(let start):
            record = TaskRecord()
            record.run = number
            record.checkedRun = number
            record.began = event.time
            record.commands = start.commands
        case .taskFinished(let end): finish(&record, end, task)
        case .taskReset:
            record = TaskRecord()
            successes[task] = nil
        case .check(let check):
            // A look without work replaces the old checks and keeps the output of the time when it was done.
            if record.checkedRun != number { record.checks = [] }
            record.checkedRun = number
            record.checks.append(check)
        default: Self.add(event, to: &record)
        }
    }

    private mutating func finish(_ record: inout TaskRecord, _ end: TaskFinished, _ task: TaskID) {
        record.end = end
        record.shell = nil
        switch end.outcome {
        case .succeeded: successes[task] = end.seconds
        case .satisfied: successes[task] = successes[task] ?? 0
        default: break
        }
    }

    private static func add(_ event: Event, to record: inout TaskRecord) {
        switch event.payload {
        case .fact(let fact): record.add(fact)
        case .notice(let notice): record.notices.append(notice)
        case .finding(let finding): record.findings.append(finding)
        case .progress(let progress): record.add(progress, time: event.time)
        case .output(let output): record.add(output, time: event.time)
        case .metric(let metric): record.add(metric)
        case .sourceChosen(let source): record.sources.append(source)
        case .sourceFailed(let failed): record.failedSources.append(failed)
        case .created(let created): record.created.append(created)
        case .captured(let captured): record.captured.append(captured)
        case .prediction(let prediction): record.predictions.append(prediction)
        case .shellReady(let shell): record.shell = shell
        case .shellEnded: record.shell = nil
        default: break
        }
    }
}
