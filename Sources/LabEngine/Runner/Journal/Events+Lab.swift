/// The student skipped a task.
package struct TaskSkipped: Sendable, Equatable, Codable {
    package init() {}
}

/// The student no longer skips a task.
package struct TaskUnskipped: Sendable, Equatable, Codable {
    package init() {}
}

/// `ailab reset` removed what a task had made. Earlier records of the task no longer count.
package struct TaskReset: Sendable, Equatable, Codable {
    /// The removed objects, as they were shown.
    package var removed: [String]

    package init(removed: [String]) { self.removed = removed }
}

/// A look at the machine found that a task's state differs from the journals.
package struct Looked: Sendable, Equatable, Codable {
    package enum Verdict: String, Sendable, Codable {
        case done
        /// Done, but no run recorded it.
        case byHand
        /// It was done, but its inputs have changed since.
        case changed
        /// It was done, but its result no longer exists.
        case gone
        case open
    }

    package var verdict: Verdict
    /// The results of its checks. Nil if they weren't evaluated.
    package var checks: [CheckResult]?

    package init(_ verdict: Verdict, checks: [CheckResult]? = nil) {
        self.verdict = verdict
        self.checks = checks
    }
}

/// A file that the student writes has changed since it was last seen, or was seen for the first time.
package struct FileEdited: Sendable, Equatable, Codable {
    /// The path in the student's folder of the lab.
    package var path: String
    package var sha256: String

    package init(path: String, sha256: String) {
        self.path = path
        self.sha256 = sha256
    }
}
