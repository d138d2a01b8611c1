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

/// Everything that the journals tell of one task: how it stands, and what the last attempt at it said.
package struct TaskRecord: Sendable, Equatable {
    /// The last time that it was brought to its end.
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

    /// The newest evidence of its result.
    package enum Standing: Sendable, Equatable {
        case done
        case noLonger(TaskState.Reason)
    }

    /// How far the newest attempt is.
    package enum Phase: Sendable, Equatable {
        case none
        case begun
        case ended(TaskFinished.Outcome)
    }

    /// Stays when a later attempt fails.
    package internal(set) var success: Success?
    /// Nil if nothing says that it was ever done.
    package internal(set) var standing: Standing?
    package internal(set) var phase = Phase.none
    /// Found done without a record of how.
    package internal(set) var isByHand = false
    package internal(set) var isSkipped = false
    /// Runs that began it and ended without a word about it, as long as no later run brought it to an end: what they left on the
    /// engine is this task's work.
    package internal(set) var abandoned: Set<Int> = []

    /// The run whose output it is; 0 if it was only found done.
    package internal(set) var run = 0
    /// The run that ended it last, or found it done.
    package internal(set) var endedIn: Int?
    /// The run whose checks these are; nil if nobody looked, or if it was outside of any run.
    package internal(set) var checkedIn: Int?
    /// When it began, seconds since 1970; nil if it was only found done.
    package internal(set) var began: Double?
    package internal(set) var end: TaskFinished?
    package internal(set) var commands: [String] = []
    package internal(set) var checks: [CheckResult] = []
    package internal(set) var notices: [Notice] = []
    /// Why it failed, the likeliest first.
    package internal(set) var findings: [Finding] = []
    /// What a task that only looks found out.
    package internal(set) var facts: [Fact] = []
    package internal(set) var sources: [SourceChosen] = []
    package internal(set) var failedSources: [SourceFailed] = []
    package internal(set) var created: [Created] = []
    package internal(set) var captured: [Captured] = []
    package internal(set) var predictions: [Prediction] = []
    /// What is being counted, in order of appearance; the newest state of each.
    package internal(set) var progress: [Progress] = []
    package internal(set) var metrics: [String: [MetricPoint]] = [:]
    package internal(set) var segments: [Segment] = []
    package internal(set) var outputLength = 0
    /// A shell that waits to be entered.
    package internal(set) var shell: ShellReady?

    package struct MetricPoint: Sendable, Equatable {
        package var x: Double
        package var value: Double
        package var epoch: Double?
    }

    package init() {}

    /// Why the newest attempt failed, or what it waits for; nil once the task turned out to be done.
    package var failure: LabError? {
        if case .ended = phase { end?.error } else { nil }
    }

    /// The end of the output, at most so many bytes.
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

/// What an attempt says while it goes on.
extension TaskRecord {
    mutating func add(_ payload: EventPayload, time: Double) {
        switch payload {
        case .fact(let fact):
            facts.removeAll { $0.name == fact.name }
            facts.append(fact)
        case .notice(let notice): notices.append(notice)
        case .finding(let finding): findings.append(finding)
        case .progress(let progress): add(progress)
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
            .looked, .fileEdited, .check, .reattached, .unknown:
            break
        }
    }

    private mutating func add(_ output: Output, time: Double) {
        outputLength += output.length
        // One piece a second at most, however many events there were.
        if let last = segments.last, last.stream == output.stream, last.offset + last.length == output.offset, time - last.time < 1 {
            segments[segments.count - 1].length += output.length
        } else {
            segments.append(Segment(stream: output.stream, offset: output.offset, length: output.length, time: time))
        }
    }

    private mutating func add(_ new: Progress) {
        if new.unit == .steps {
            progress = [new]
        } else if let index = progress.firstIndex(where: { $0.label == new.label && $0.unit == new.unit }) {
            progress[index] = new
        } else {
            progress.append(new)
            if progress.count > 64 { progress.removeFirst() }
        }
    }

    private mutating func add(_ metric: Metric) {
        let count = metrics[metric.name]?.count ?? 0
        let point = MetricPoint(x: Double(count), value: metric.value, epoch: metric.epoch)
        metrics[metric.name, default: []].append(point)
        // A curve of a few hundred dots shows no more than two thousand points.
        if count > 4000 {
            let thinned = metrics[metric.name]?.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            metrics[metric.name] = thinned
        }
    }
}
