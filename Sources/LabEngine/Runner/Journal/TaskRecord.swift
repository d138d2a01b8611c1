package import Diagnosis
package import LabSupport

/// A piece of a task's output in its run's `output.log`.
package struct Segment: Sendable, Equatable {
    package var stream: Output.Stream
    package var offset: Int
    package var length: Int
    package var time: Double

    package init(stream: Output.Stream, offset: Int, length: Int, time: Double) {
        self.stream = stream
        self.offset = offset
        self.length = length
        self.time = time
    }
}

/// Everything that the journals say about one task: its state, and the last attempt.
package struct TaskRecord: Sendable, Equatable {
    /// The last time that the task was completed.
    package struct Success: Sendable, Equatable {
        package var run: Int
        package var time: Double
        package var seconds: Double
        package var fingerprint: String
        /// Its checks at that time.
        package var checks: [CheckResult]
        /// The options of that run.
        package var options: RunOptions
    }

    /// The latest evidence about its result.
    package enum Standing: Sendable, Equatable {
        case done
        case noLonger(TaskState.Reason)
    }

    /// The phase of the last attempt.
    package enum Phase: Sendable, Equatable {
        case none
        case begun
        case ended(TaskFinished.Outcome)
    }

    /// It stays if a later attempt fails.
    package internal(set) var success: Success?
    /// Nil if it was never done.
    package internal(set) var standing: Standing?
    package internal(set) var phase = Phase.none
    /// It was found done, but no run recorded it.
    package internal(set) var isByHand = false
    package internal(set) var isSkipped = false
    /// The runs that started it and ended without recording its end, until a later run completes it. Objects that they left on the engine
    /// are this task's work.
    package internal(set) var abandoned: Set<Int> = []

    /// The run whose output this is. 0 if it was only found done.
    package internal(set) var run = 0
    /// The run that ended it last, or found it done.
    package internal(set) var endedIn: Int?
    /// The run of these checks. Nil if they weren't evaluated, or if that happened outside of runs.
    package internal(set) var checkedIn: Int?
    /// When it started, in seconds since 1970. Nil if it was only found done.
    package internal(set) var began: Double?
    package internal(set) var end: TaskFinished?
    package internal(set) var commands: [String] = []
    package internal(set) var checks: [CheckResult] = []
    package internal(set) var notices: [Notice] = []
    /// Why it failed, the most likely cause first.
    package internal(set) var findings: [Finding] = []
    /// The facts that it found out.
    package internal(set) var facts: [Fact] = []
    package internal(set) var sources: [SourceChosen] = []
    package internal(set) var failedSources: [SourceFailed] = []
    package internal(set) var created: [Created] = []
    package internal(set) var captured: [Captured] = []
    package internal(set) var predictions: [Prediction] = []
    /// The last value of each progress, in the order in which they first appeared.
    package internal(set) var progress: [Progress] = []
    /// The instructions of a build, in the order in which they began.
    package internal(set) var instructions: [BuildInstruction] = []
    /// How far the task has counted by itself, and when. Nil if it doesn't count anything that takes equally long each time.
    package internal(set) var pace: Pace?
    package internal(set) var metrics: [String: [MetricPoint]] = [:]
    package internal(set) var segments: [Segment] = []
    package internal(set) var outputLength = 0
    /// A shell that is ready to enter.
    package internal(set) var shell: ShellReady?

    /// A count of equal parts, such as epochs. If a task counts its runs, the epochs of each don't count.
    package struct Pace: Sendable, Equatable {
        package let unit: Progress.Unit
        package var done: Double
        package var total: Double
        /// When this count was reached.
        package var time: Double
        /// The first count, and when it came. What was before it is the start.
        package var first: (done: Double, time: Double)

        package static func == (one: Pace, other: Pace) -> Bool {
            one.unit == other.unit && (one.done, one.total, one.time) == (other.done, other.total, other.time) && one.first == other.first
        }
    }

    package struct MetricPoint: Sendable, Equatable {
        package var x: Double
        package var value: Double
        package var epoch: Double?
    }

    package init() {}

    /// Why the last attempt failed, or what it waits for. Nil once the task turned out to be done.
    package var failure: LabError? {
        if case .ended = phase { end?.error } else { nil }
    }

    /// The last attempt found that this machine can't do it.
    package var isUnavailable: Bool { phase == .ended(.unavailable) }

    /// The end of the output, up to a number of bytes.
    package func lastPieces(_ bytes: Int) -> [Segment] {
        var left = bytes
        var pieces: [Segment] = []
        for segment in segments.reversed() where left > 0 {
            let length = min(left, segment.length)
            let offset = segment.offset + segment.length - length
            pieces.insert(Segment(stream: segment.stream, offset: offset, length: length, time: segment.time), at: 0)
            left -= length
        }
        return pieces
    }
}

/// Events of an attempt while it's running.
extension TaskRecord {
    mutating func add(_ payload: EventPayload, time: Double) {
        switch payload {
        case .fact(let fact):
            facts.removeAll { $0.name == fact.name }
            facts.append(fact)
            // A table compares several trainings. Their numbers, one after the other, would look like those of one, and the last like its result.
            if fact.table != nil { metrics = [:] }
        case .notice(let notice): notices.append(notice)
        case .finding(let finding): findings.append(finding)
        case .progress(let progress): add(progress, time: time)
        case .output(let output): add(output, time: time)
        case .metric(let metric): add(metric)
        case .sourceChosen(let source): sources.append(source)
        case .sourceFailed(let failed): failedSources.append(failed)
        case .created(let created): self.created.append(created)
        case .captured(let captured): self.captured.append(captured)
        case .prediction(let prediction): predictions.append(prediction)
        case .shellReady(let shell): self.shell = shell
        case .shellEnded: shell = nil
        case .runStarted, .runFinished, .engineConnected, .deviceChosen, .taskStarted, .taskFinished, .taskReset, .taskSkipped,
            .taskUnskipped,
            .looked, .fileEdited, .questionAnswered, .hintOpened, .settingsChanged, .check, .reattached, .unknown:
            break
        }
    }

    private mutating func add(_ output: Output, time: Double) {
        outputLength += output.length
        // At most one piece per second, however many events there are.
        if let last = segments.last, last.stream == output.stream, last.offset + last.length == output.offset, time - last.time < 1 {
            segments[segments.count - 1].length += output.length
        } else {
            segments.append(Segment(stream: output.stream, offset: output.offset, length: output.length, time: time))
        }
    }

    private mutating func add(_ new: Progress, time: Double) {
        if new.unit == .epochs || new.unit == .items, let total = new.total, new.done > pace?.done ?? -1,
            pace.map({ $0.unit == new.unit }) ?? true
        {
            pace = Pace(unit: new.unit, done: new.done, total: total, time: time, first: pace?.first ?? (new.done, time))
        }
        if new.unit == .steps {
            addInstruction(new, time: time)
            addStep(new)
        } else if let index = progress.firstIndex(where: { $0.label == new.label && $0.unit == new.unit }) {
            progress[index] = new
        } else {
            progress.append(new)
            if progress.count > 64 { progress.removeFirst() }
        }
    }

    /// The instructions that run now, side by side. If none runs, the one that was heard of last.
    private mutating func addStep(_ new: Progress) {
        guard let step = new.step else { return progress = [new] }
        let others = progress.filter { $0.step?.state == .running && $0.step?.id != step.id }
        // A failure stays: what is stopped because of it isn't the cause.
        if step.state == .stopped, progress.contains(where: { $0.step?.state == .failed }) { return }
        progress = step.state == .running || step.state == .failed || others.isEmpty ? others + [new] : others
        if step.state == .failed { progress = [new] }
    }

    private mutating func add(_ metric: Metric) {
        let count = metrics[metric.name]?.count ?? 0
        let point = MetricPoint(x: Double(count), value: metric.value, epoch: metric.epoch)
        metrics[metric.name, default: []].append(point)
        // A curve has a few hundred dots, so two thousand points are enough.
        if count > 4000 {
            let thinned = metrics[metric.name]?.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            metrics[metric.name] = thinned
        }
    }
}
