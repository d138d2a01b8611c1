package import LabFile
package import LabRunner

/// The state of the walkthrough: the selected task, the tab and the options.
package struct WalkthroughState: Sendable {
    package enum Pane: Sendable, CaseIterable {
        case steps
        case explanation
        case live
    }

    package enum Tab: Sendable, CaseIterable {
        case output
        case checks
        case diagnosis
        case telemetry
        case files
    }

    package var selected: TaskID?
    package var pane = Pane.steps
    package var tab = Tab.output
    /// Whether one pane takes the whole screen.
    package var isZoomed = false
    /// Whether the selection follows the run. It does until the student selects a task.
    package var followsRun = true
    /// Whether the explanation is shown. On small screens it's one of the tabs.
    package var showsText = true
    package var explanationOffset = 0
    package var tabOffset = 0
    package var log = LogBuffer()
    package var logView = LogView()
    package var logSource = LogSource()
    /// Whether a build's log is shown as it was printed, and not folded by instruction.
    package var unfolds = false
    /// Tasks whose shell the student chose not to enter now.
    package var declinedShells: Set<TaskID> = []
    /// How many hints the student asked for, by task.
    package var hints: [TaskID: Int] = [:]
    /// Tasks for which the student asked for the reference solution.
    package var showsReference: Set<TaskID> = []
    /// Whether the diagnosis shows more cures than the first ones.
    package var showsAllCures = false

    /// Tasks whose question was asked in this session.
    package var passedQuestions: Set<TaskID> = []
    /// Steps that were over before, or of which it was said what they show.
    package var toldSteps: Set<Int> = []
    /// Nothing was left to do when the walkthrough began, or after a run that showed the finale.
    package var wasComplete = false

    package init() {}
}

/// The source of the output that is shown, and how much of it has been read.
package struct LogSource: Sendable, Equatable {
    package var task: TaskID?
    package var run = 0
    /// The piece to read next, and how much of it has been read.
    package var segment = 0
    package var within = 0
    package var isReading = false

    /// The maximum number of bytes in one request.
    private static let portion = 256 << 10
    /// The maximum number of bytes to read of output that already exists. The rest stays in the file.
    private static let backlog = 6 << 20

    package init() {}

    /// The next pieces to read, and how many bytes were skipped.
    package mutating func next(_ record: TaskRecord, _ task: TaskID) -> (request: OutputRequest?, skipped: Int) {
        let skipped = skipBacklog(record)
        var pieces: [Segment] = []
        var left = Self.portion
        var index = segment
        var start = within
        while index < record.segments.count, left > 0 {
            let whole = record.segments[index]
            let length = min(left, whole.length - start)
            if length > 0 { pieces.append(Segment(stream: whole.stream, offset: whole.offset + start, length: length, time: whole.time)) }
            left -= length
            index += 1
            start = 0
        }
        return (pieces.isEmpty ? nil : OutputRequest(run: record.run, task: task, pieces: pieces), skipped)
    }

    private mutating func skipBacklog(_ record: TaskRecord) -> Int {
        var behind = record.segments.dropFirst(segment).reduce(0) { $0 + $1.length } - within
        var skipped = 0
        while behind > Self.backlog, segment < record.segments.count {
            let length = record.segments[segment].length - within
            let dropped = min(length, behind - Self.backlog / 2)
            within += dropped
            behind -= dropped
            skipped += dropped
            settle(record)
        }
        return skipped
    }

    /// Moves on by the bytes that arrived.
    package mutating func advance(_ answer: OutputAnswer, _ record: TaskRecord) {
        within += answer.bytes.reduce(0) { $0 + $1.count }
        settle(record)
    }

    /// The last piece may still grow, so it's never left behind.
    private mutating func settle(_ record: TaskRecord) {
        while segment < record.segments.count - 1, within >= record.segments[segment].length {
            within -= record.segments[segment].length
            segment += 1
        }
    }
}
