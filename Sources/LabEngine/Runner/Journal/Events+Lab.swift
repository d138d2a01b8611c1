/// The student passes a task over.
package struct TaskSkipped: Sendable, Equatable, Codable {
    package init() {}
}

/// The student takes a task up again that was passed over.
package struct TaskUnskipped: Sendable, Equatable, Codable {
    package init() {}
}

/// `ailab reset` took away what a task had made; nothing that was recorded of it before counts any more.
package struct TaskReset: Sendable, Equatable, Codable {
    /// What is gone, as it was shown.
    package var removed: [String]

    package init(removed: [String]) { self.removed = removed }
}

/// A look at the machine found a task to stand otherwise than the journals said.
package struct Looked: Sendable, Equatable, Codable {
    package enum Verdict: String, Sendable, Codable {
        case done
        /// Done without a record of ours.
        case byHand
        /// It was done, and what it was made from has changed since.
        case changed
        /// It was done, and what it left is no longer there.
        case gone
        case open
    }

    package var verdict: Verdict
    /// What its checks found; nil if they were not made.
    package var checks: [CheckResult]?

    package init(_ verdict: Verdict, checks: [CheckResult]? = nil) {
        self.verdict = verdict
        self.checks = checks
    }
}

/// A file that the student writes for a task is another than when it was last seen, or was seen for the first time.
package struct FileEdited: Sendable, Equatable, Codable {
    /// In the student's folder of the lab.
    package var path: String
    package var sha256: String

    package init(path: String, sha256: String) {
        self.path = path
        self.sha256 = sha256
    }
}
