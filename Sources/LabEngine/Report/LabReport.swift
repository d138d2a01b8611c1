package import Diagnosis
package import LabFile
package import LabRunner
package import LabSupport

/// The work in a lab, according to its journals. It's a plain value, which views show in any language and format.
///
/// Its texts are safe for any terminal. They contain no known secrets, no host names, and no path to the student's home.
package struct LabReport: Sendable, Equatable {
    /// The lab as its file is now.
    package struct Lab: Sendable, Equatable {
        package var id: String
        package var title: Text
        package var file: String
        /// The SHA-256 sum of the file. Nil if it couldn't be read.
        package var sha256: String?
        /// The hash of the file and its folder, as runs record it.
        package var digest: String
        /// The variables that differ from student to student.
        package var studentVariables: [StudentVariable] = []
    }

    /// A variable that differs from student to student.
    package struct StudentVariable: Sendable, Equatable {
        package var name: String
        /// What a student calls it.
        package var title: Text
        package var values: LabStudentValues
        /// The tasks that depend on it.
        package var tasks: [TaskID]

        /// Nil if all students have the same value.
        init?(_ variable: LabVariable, in spec: LabSpec) {
            guard let values = variable.perStudent else { return nil }
            (name, title, tasks) = (variable.name, variable.shownName, spec.tasks(using: variable.name))
            self.values = values
        }
    }

    package var lab: Lab
    /// The version of the program that made the report.
    package var version: String
    /// When it was made, in seconds since 1970.
    package var made: Double
    package var author: String
    /// The random name of the workspace.
    package var workspace = ""
    package var steps: [Step] = []
    /// The runs of this lab, the oldest first.
    package var runs: [Run] = []
    /// Events outside of runs, in order. They include what runs noticed of them.
    package var deeds: [Deed] = []
    /// How the lines of the journal of these events follow each other.
    package var deedChain = ChainAccount()
    package var tally = LabTally()
    package var cautions: [Caution] = []
    /// The active run.
    package var living: Int?

    package var tasks: [SubStep] { steps.flatMap(\.tasks) }
    package func run(_ number: Int) -> Run? { runs.first { $0.number == number } }
    /// The start of the first run.
    package var began: Double? { runs.compactMap(\.began).min() }
    package var ended: Double? { runs.compactMap(\.ended).max() }
    /// The total time of all runs in seconds.
    package var seconds: Double { runs.reduce(0) { $0 + $1.seconds } }
}

extension LabReport {
    /// A part of the lab.
    package struct Step: Sendable, Equatable {
        package var number: Int
        package var title: Text
        package var tasks: [SubStep]
        /// What it shows and what not.
        package var account: StepAccount?
    }

    /// Something that the student did outside of runs, or that a look found.
    package struct Deed: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case skipped
            case unskipped
            case reset(removed: [String])
            /// A look at the machine found that its state differs from the records.
            case looked(Looked.Verdict)
            /// The file at this path was written.
            case edited(String)
            /// The settings of the workspace were changed, as one types them.
            case settings([String])
        }

        package var time: Double
        package var task: TaskID?
        package var kind: Kind
    }

    /// A sub-step of the lab and everything that was done for it.
    package struct SubStep: Sendable, Equatable {
        package var id: TaskID
        package var title: Text
        package var isHomework = false
        package var state = TaskState.open
        /// All attempts, the oldest first.
        package var attempts: [Attempt] = []
        /// The index of the attempt whose result counts. Nil if there is none.
        package var counted: Int?
        /// The run that completed it last, or found it done.
        package var doneIn: Int?
        package var doneAt: Double?
        /// It was found done, but no run recorded it.
        package var isByHand = false
        /// The reference solution is used instead of the student's own file.
        package var usesReference = false
        /// The student's own file was used.
        package var hasOwnFile = false
        /// The hints that the student opened. Nil if there are none.
        package var hints: HintOpened?
        /// What the student expected of it, and what came.
        package var expectation: Expectation?
        /// The stand-ins that it got or used: `base ← ailab/standin-debian:trixie`.
        package var standIns: [String] = []
        /// The last checks.
        package var checks: [CheckResult] = []
        package var checkedIn: Int?

        /// True if there is more to report than its state.
        package var isTold: Bool { !attempts.isEmpty || !checks.isEmpty || state.isDone || hints != nil || expectation != nil }

        /// The attempt to show in full: the one that counts, or else the last one.
        package var shown: Attempt? {
            // If it was found done, an attempt that failed meanwhile says nothing about the result.
            counted.map { attempts[$0] } ?? attempts.last { !(state.isDone && $0.outcome == .failed) }
        }
    }

    /// One attempt at a sub-step.
    package struct Attempt: Sendable, Equatable {
        package enum Outcome: String, Sendable {
            case succeeded
            case failed
            case cancelled
            case waiting
            case unavailable
            case interrupted
            case running
        }

        package var run: Int
        package var began: Double
        package var seconds: Double?
        package var outcome = Outcome.running
        /// A reset removed its result.
        package var isReset = false
        package var commands: [String] = []
        package var fingerprint = ""
        package var checks: [CheckResult] = []
        package var created: [Created] = []
        package var notices: [Notice] = []
        package var facts: [Fact] = []
        package var sources: [SourceChosen] = []
        package var failedSources: [SourceFailed] = []
        package var captured: [Captured] = []
        package var predictions: [Prediction] = []
        package var training = Training()
        /// The student got a shell.
        package var hadShell = false
        /// A container of an earlier run was followed to its end.
        package var tookOver: Reattached?
        package var error: LabError?
        package var findings: [Finding] = []
        /// For a failed attempt: the change that made a later attempt succeed.
        package var help: Help?
    }

    /// Why a failed sub-step succeeded later.
    package enum Help: Sendable, Equatable {
        /// ailab applied this cure.
        case cure(CarriedCure, run: Int)
        /// It ran with other options: `--device cpu`, `--set port=8090`.
        case options([String], run: Int)
        /// Its inputs were changed: a file of the student's or the lab's, or the result of another sub-step.
        case inputs(run: Int)
        /// No recorded change.
        case unrecorded(run: Int)

        /// The run in which it succeeded.
        package var run: Int {
            switch self {
            case .cure(_, let number): number
            case .options(_, let number): number
            case .inputs(let number), .unrecorded(let number): number
            }
        }
    }

    /// Something that a reader has to know before they trust the rest.
    package struct Caution: Sendable, Equatable {
        /// A stable identifier with dots.
        package var code: String
        package var text: Text
        package var tasks: [TaskID] = []
        package var runs: [Int] = []
        /// Names and values, unchanged.
        package var details: [String] = []
    }
}
