import Glibc

/// The files of one run.
package struct RunFolder: Sendable, Equatable {
    package let path: String
    package let number: Int

    package init(path: String, number: Int) {
        self.path = path
        self.number = number
    }

    package var journal: String { "\(path)/journal.jsonl" }
    package var output: String { "\(path)/output.log" }
    /// The samples of the run, one per line.
    package var telemetry: String { "\(path)/telemetry.jsonl" }
    package var request: String { "\(path)/request.json" }
    /// The standard error of the runner process. It's empty unless something went very wrong.
    package var runnerLog: String { "\(path)/runner.log" }
}
