package import Diagnosis
package import LabFile
package import LabRunner
package import LabSupport

/// What was done of a lab, as its journals tell: a value that says everything once, for views in any language and form.
///
/// Its texts are harmless on any terminal, hold no secret that is known to be one, no host name, and no path of the student's home.
package struct LabReport: Sendable, Equatable {
    /// The lab as its file is now.
    package struct Lab: Sendable, Equatable {
        package var id: String
        package var title: Text
        package var file: String
        /// SHA-256 of the file; nil where it could not be read.
        package var sha256: String?
        /// Hash of the file and its folder, as runs record it.
        package var digest: String
    }

    package var lab: Lab
    /// Version of the program that made the report.
    package var version: String
    /// When it was made, seconds since 1970.
    package var made: Double
    package var author: String
    package var steps: [Step] = []
    /// The runs of this lab, the oldest first.
    package var runs: [Run] = []
    /// What happened outside of runs, and what runs noticed of it, in order.
    package var deeds: [Deed] = []
    package var tally = LabTally()
    package var cautions: [Caution] = []
    /// The run that is at work now.
    package var living: Int?

    package var tasks: [SubStep] { steps.flatMap(\.tasks) }
    package func run(_ number: Int) -> Run? { runs.first { $0.number == number } }
    /// When the first run began and the last event came.
    package var began: Double? { runs.compactMap(\.began).min() }
    package var ended: Double? { runs.compactMap(\.ended).max() }
    /// Seconds in which a run was at work.
    package var seconds: Double { runs.reduce(0) { $0 + $1.seconds } }
}

extension LabReport {
    /// A part of the lab.
    package struct Step: Sendable, Equatable {
        package var number: Int
        package var title: Text
        package var tasks: [SubStep]
    }

    /// Something that the student did outside of runs, or that was found out.
    package struct Deed: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case skipped
            case unskipped
            case reset(removed: [String])
            /// A look at the machine found it to stand otherwise than the records said.
            case looked(Looked.Verdict)
            /// The file of this path was written.
            case edited(String)
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
        /// The times that it was carried out, the oldest first.
        package var attempts: [Attempt] = []
        /// The place of the attempt whose result counts; nil where there is none.
        package var counted: Int?
        /// The run in which it was last brought to its end, or found there.
        package var doneIn: Int?
        package var doneAt: Double?
        /// Found done without a record of how.
        package var isByHand = false
        /// The reference solution stands in the place of the student's own file.
        package var usesReference = false
        /// The student's own file is what counts.
        package var hasOwnFile = false
        /// Stand-ins that it got or used: `base ← ailab/standin-debian:trixie`.
        package var standIns: [String] = []
        /// The newest checks, and the run that made them; nil if it was a look outside of runs.
        package var checks: [CheckResult] = []
        package var checkedIn: Int?

        /// There is more to say of it than its state.
        package var isTold: Bool { !attempts.isEmpty || !checks.isEmpty || state.isDone }

        /// The attempt that is told in full: the one that counts, else the newest.
        package var shown: Attempt? { counted.map { attempts[$0] } ?? attempts.last }
    }

    /// One time that a sub-step was carried out.
    package struct Attempt: Sendable, Equatable {
        package enum Outcome: String, Sendable {
            case succeeded
            case failed
            case cancelled
            case waiting
            case interrupted
            case running
        }

        package var run: Int
        package var began: Double
        package var seconds: Double?
        package var outcome = Outcome.running
        /// What it made was taken away by a reset.
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
        /// The student was given a shell.
        package var hadShell = false
        /// A container of an earlier run was followed to its end.
        package var tookOver: Reattached?
        package var error: LabError?
        package var findings: [Finding] = []
        /// What made a later attempt go through, where this one failed.
        package var help: Help?
    }

    /// Why a sub-step that had failed went through later.
    package enum Help: Sendable, Equatable {
        /// ailab carried this out.
        case cure(CarriedCure, run: Int)
        /// It was asked for otherwise: `--device cpu`, `--set port=8090`.
        case options([String], run: Int)
        /// What goes into it was changed: a file of the student's or the lab's, or what it needs.
        case inputs(run: Int)
        /// Nothing that is recorded changed.
        case unrecorded(run: Int)

        /// The run in which it went through.
        package var run: Int {
            switch self {
            case .cure(_, let number): number
            case .options(_, let number): number
            case .inputs(let number), .unrecorded(let number): number
            }
        }
    }

    /// Something that one has to know before one believes the rest.
    package struct Caution: Sendable, Equatable {
        /// Stable dotted identifier.
        package var code: String
        package var text: Text
        package var tasks: [TaskID] = []
        package var runs: [Int] = []
        /// Names, values and the like, as they are.
        package var details: [String] = []
    }
}
