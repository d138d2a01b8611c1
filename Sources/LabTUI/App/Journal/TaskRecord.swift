package import Diagnosis
package import LabRunner
package import LabSupport

/// A piece of a task's output in its run's `output.log`.
package struct Segment: Sendable, Equatable {
    package var stream: Output.Stream
    package var offset: Int
    package var length: Int
    package var time: Double
}

/// Everything that the journals tell of the last time a task was carried out.
package struct TaskRecord: Sendable, Equatable {
    /// The run whose output it is.
    package var run = 0
    /// The run whose checks these are: later, where it was only looked at.
    package var checkedRun = 0
    /// When it began, seconds since 1970; nil where it was only found done.
    package var began: Double?
    package var end: TaskFinished?
    package var commands: [String] = []
    package var checks: [CheckResult] = []
    package var notices: [Notice] = []
    /// Why it failed, the likeliest first.
    package var findings: [Finding] = []
    /// What a task that only looks found out.
    package var facts: [Fact] = []
    package var sources: [SourceChosen] = []
    package var failedSources: [SourceFailed] = []
    package var created: [Created] = []
    package var captured: [Captured] = []
    package var predictions: [Prediction] = []
    /// What is being counted, in order of appearance; the newest state of each.
    package var progress: [Progress] = []
    /// Seconds at which each build step or the like began, by its number.
    package var marks: [(label: Text, time: Double)] = []
    package var metrics: [String: [MetricPoint]] = [:]
    package var segments: [Segment] = []
    package var outputLength = 0
    /// The student went past it.
    package var isSkipped = false
    /// A shell that waits to be entered.
    package var shell: ShellReady?

    package struct MetricPoint: Sendable, Equatable {
        package var x: Double
        package var value: Double
        package var epoch: Double?
    }

    package init() {}

    package static func == (a: TaskRecord, b: TaskRecord) -> Bool {
        a.run == b.run && a.began == b.began && a.end == b.end && a.outputLength == b.outputLength && a.checks == b.checks
            && a.notices == b.notices && a.isSkipped == b.isSkipped && a.findings == b.findings && a.progress == b.progress
            && a.predictions == b.predictions
            && a.shell == b.shell
    }

    /// The end of the output, at most so many bytes.
    func lastPieces(_ bytes: Int) -> [Segment] {
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

    package mutating func add(_ fact: Fact) {
        if fact.name == SkipRecord.fact { return isSkipped = true }
        if fact.name == SkipRecord.factAgain { return isSkipped = false }
        facts.removeAll { $0.name == fact.name }
        facts.append(fact)
    }

    package mutating func add(_ output: Output, time: Double) {
        outputLength += output.length
        // One piece a second at most, however many events there were.
        if let last = segments.last, last.stream == output.stream, last.offset + last.length == output.offset, time - last.time < 1 {
            segments[segments.count - 1].length += output.length
        } else {
            segments.append(Segment(stream: output.stream, offset: output.offset, length: output.length, time: time))
        }
    }

    package mutating func add(_ new: Progress, time: Double) {
        if new.unit == .steps || new.unit == .layers, marks.last?.label != new.label { marks.append((new.label, time)) }
        if new.unit == .steps {
            progress = [new]
        } else if let index = progress.firstIndex(where: { $0.label == new.label && $0.unit == new.unit }) {
            progress[index] = new
        } else {
            progress.append(new)
            if progress.count > 64 { progress.removeFirst() }
        }
    }

    package mutating func add(_ metric: Metric) {
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
