import LabFile

/// How many sub-steps are done. Sub-steps that the student only reads are counted separately.
package struct LabTally: Sendable, Equatable {
    package private(set) var done = 0
    /// All sub-steps that can be done on this machine.
    package private(set) var all = 0
    package private(set) var skipped = 0
    package private(set) var read = 0
    /// Those that this machine can't do.
    package private(set) var unavailable = 0
    /// All sub-steps that the student only reads.
    package private(set) var readings = 0

    package init() {}

    init(_ tasks: [(task: LabTask, state: TaskState)]) {
        for (task, state) in tasks {
            if task.action.isReading { readings += 1 } else if state != .unavailable { all += 1 }
            if state.isDone { done += 1 }
            if state == .skipped { skipped += 1 }
            if state == .read { read += 1 }
            if state == .unavailable { unavailable += 1 }
        }
    }

    /// True if nothing is left to do. What the student skips isn't left.
    package var isComplete: Bool { done + read + skipped == all + readings }
}
