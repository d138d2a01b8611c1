package import Diagnosis
package import LabFile
package import LabSupport

/// One line of a journal, either of a run or of the workspace.
///
/// Everything that happens to a lab is an event. State, screens, reports and `--json` are views of the sequence of events. On disk it is
/// one flat JSON object: `{"schema":1,"seq":7,"time":1790000000.25,"task":"3.4","type":"progress", …payload…}`.
package struct Event: Sendable, Equatable {
    /// The version of the journal's format. It's raised if a reader of the previous format would misunderstand.
    package static let schema = 1

    /// The position in the journal, from 1 without gaps.
    package var sequence: Int
    /// Seconds since 1970, with milliseconds.
    package var time: Double
    /// The sub-step that it belongs to. Nil for the whole run.
    package var task: TaskID?
    package var payload: EventPayload

    package init(sequence: Int, time: Double, task: TaskID? = nil, payload: EventPayload) {
        self.sequence = sequence
        self.time = time
        self.task = task
        self.payload = payload
    }
}

/// The payload of an event. Cases are named as facts. Each has one `Codable` struct, whose fields are at the top level of the journal's
/// line.
package enum EventPayload: Sendable, Equatable {
    case runStarted(RunStarted)
    case runFinished(RunFinished)
    case engineConnected(EngineConnected)
    case deviceChosen(DeviceChosen)
    case notice(Notice)
    case fact(Fact)
    case taskStarted(TaskStarted)
    case taskFinished(TaskFinished)
    case reattached(Reattached)
    case progress(Progress)
    case output(Output)
    case metric(Metric)
    case sourceChosen(SourceChosen)
    case sourceFailed(SourceFailed)
    case created(Created)
    case check(CheckResult)
    case captured(Captured)
    case prediction(Prediction)
    case shellReady(ShellReady)
    case shellEnded(ShellEnded)
    case taskReset(TaskReset)
    case taskSkipped(TaskSkipped)
    case taskUnskipped(TaskUnskipped)
    case looked(Looked)
    case fileEdited(FileEdited)
    /// The cause of a failure. It's recorded right before the end of its task or run.
    case finding(Finding)
    /// A line with an unknown type, which a later version wrote.
    case unknown(type: String)
}

/// The options of a run.
package struct RunOptions: Sendable, Equatable, Codable {
    package enum Device: String, Sendable, Codable, CaseIterable {
        case auto
        case cpu
        case gpu
    }

    /// Unattended: it uses reference solutions instead of the student's files, and scripts instead of shells.
    package var auto = false
    /// Trains on a part of the data.
    package var quick = false
    /// Runs tasks again that are already done.
    package var force = false
    package var device = Device.auto
    /// `--set name=value`.
    package var set: [String: String] = [:]
    /// The front end has a terminal that a shell can use.
    package var terminal = false
    /// The options that were typed after `ailab step`, for commands that repeat them.
    package var typed: String?
    /// The cure that ailab applied right before this run. The run shows whether it worked.
    package var cure: CarriedCure?

    package init() {}
}

package struct RunStarted: Sendable, Equatable, Codable {
    package var run: Int
    package var lab: String
    package var labFile: String
    /// The version of the program that wrote the journal.
    package var version: String
    package var pid: Int32
    /// The typed selection: `3`, `4.5`, `all`.
    package var selection: String
    package var options: RunOptions
    package var tasks: [PlannedTask]
    /// The hash of the lab file and its folder at that time. Nil if the run didn't use them.
    package var labDigest: String?

    package init(
        run: Int, lab: String, labFile: String, version: String, pid: Int32, selection: String, options: RunOptions, tasks: [PlannedTask],
        labDigest: String? = nil
    ) {
        self.run = run
        self.lab = lab
        self.labFile = labFile
        self.version = version
        self.pid = pid
        self.selection = selection
        self.options = options
        self.tasks = tasks
        self.labDigest = labDigest
    }
}

/// A task of the plan, and the expected time.
package struct PlannedTask: Sendable, Equatable, Codable {
    package var id: TaskID
    package var title: Text
    package var expectedSeconds: Int
    /// It wasn't requested, but a requested task needs it.
    package var needed: Bool

    package init(id: TaskID, title: Text, expectedSeconds: Int, needed: Bool) {
        self.id = id
        self.title = title
        self.expectedSeconds = expectedSeconds
        self.needed = needed
    }
}

package struct RunFinished: Sendable, Equatable, Codable {
    package enum Outcome: String, Sendable, Codable {
        case succeeded
        case failed
        /// The machine prevents it. The doctor knows more.
        case blocked
        case cancelled
    }

    package var outcome: Outcome
    package var exitCode: Int32
    package var seconds: Double
    package var error: LabError?

    package init(outcome: Outcome, exitCode: Int32, seconds: Double, error: LabError? = nil) {
        self.outcome = outcome
        self.exitCode = exitCode
        self.seconds = seconds
        self.error = error
    }
}

package struct EngineConnected: Sendable, Equatable, Codable {
    /// As in `DOCKER_HOST`.
    package var endpoint: String
    /// `docker`, `podman`, …
    package var kind: String
    package var version: String
    package var apiVersion: String
    /// True if ailab started it.
    package var isPrivate: Bool
}

package struct DeviceChosen: Sendable, Equatable, Codable {
    /// `cpu` or `gpu`.
    package var device: String
    package var reason: Text

    package init(device: String, reason: Text) {
        self.device = device
        self.reason = reason
    }
}

/// A message for the student that is neither output nor a failure.
package struct Notice: Sendable, Equatable, Codable {
    package enum Level: String, Sendable, Codable {
        case info
        case warning
    }

    package var level: Level
    /// A stable identifier with dots.
    package var code: String
    package var text: Text

    package init(level: Level, code: String, text: Text) {
        self.level = level
        self.code = code
        self.text = text
    }
}

/// A fact that a task found out. A table has several lines.
package struct Fact: Sendable, Equatable, Codable {
    /// A stable identifier with dots.
    package var name: String
    package var text: Text

    package init(name: String, text: Text) {
        self.name = name
        self.text = text
    }
}

package struct TaskStarted: Sendable, Equatable, Codable {
    package var title: Text
    package var expectedSeconds: Int
    /// The equal command lines.
    package var commands: [String]
    /// The hash of everything that the result depends on.
    package var fingerprint: String
}

package struct TaskFinished: Sendable, Equatable, Codable {
    package enum Outcome: String, Sendable, Codable {
        case succeeded
        /// Nothing was done, because the machine already is as the task would leave it.
        case satisfied
        case failed
        case cancelled
        /// Not started, because a task that it needs failed.
        case blocked
        /// The student has to do something first.
        case waiting
    }

    package var outcome: Outcome
    package var seconds: Double
    package var fingerprint: String
    package var error: LabError?
    /// The task that prevented it.
    package var blockedBy: TaskID?

    package init(outcome: Outcome, seconds: Double, fingerprint: String, error: LabError? = nil, blockedBy: TaskID? = nil) {
        self.outcome = outcome
        self.seconds = seconds
        self.fingerprint = fingerprint
        self.error = error
        self.blockedBy = blockedBy
    }
}

/// A container of an earlier run was still running, and this run follows it.
package struct Reattached: Sendable, Equatable, Codable {
    package var container: String
    package var run: Int?

    package init(container: String, run: Int? = nil) {
        self.container = container
        self.run = run
    }
}

package struct Progress: Sendable, Equatable, Codable {
    package enum Unit: String, Sendable, Codable {
        case bytes
        case steps
        case layers
        case epochs
        case seconds
        case items
    }

    package var label: Text
    package var done: Double
    /// Nil if it's unknown.
    package var total: Double?
    package var unit: Unit
}

/// Bytes that were appended to `output.log` unchanged.
package struct Output: Sendable, Equatable, Codable {
    package enum Stream: String, Sendable, Codable {
        case stdout
        case stderr
        /// Output of the engine or of ailab's own tools, such as build steps.
        case engine
    }

    package var stream: Stream
    package var offset: Int
    package var length: Int

    package init(stream: Stream, offset: Int, length: Int) {
        self.stream = stream
        self.offset = offset
        self.length = length
    }
}

package struct Metric: Sendable, Equatable, Codable {
    /// `loss`, `accuracy`, `samples_per_second`, …
    package var name: String
    package var value: Double
    package var epoch: Double?
    package var step: Double?
    /// Other numbers from the same line.
    package var more: [String: Double]?
}

package struct SourceChosen: Sendable, Equatable, Codable {
    /// The image or file.
    package var what: String
    package var source: String
    /// True if something else is used instead of the original.
    package var standIn: Bool
    package var text: Text

    package init(what: String, source: String, standIn: Bool, text: Text) {
        self.what = what
        self.source = source
        self.standIn = standIn
        self.text = text
    }
}

package struct SourceFailed: Sendable, Equatable, Codable {
    package var what: String
    package var source: String
    package var error: LabError

    package init(what: String, source: String, error: LabError) {
        self.what = what
        self.source = source
        self.error = error
    }
}

/// An object that now exists on the engine or in the workspace.
package struct Created: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable {
        case image
        case container
        case file
    }

    package var kind: Kind
    package var name: String
    package var id: String?

    package init(kind: Kind, name: String, id: String? = nil) {
        self.kind = kind
        self.name = name
        self.id = id
    }
}

/// What a check expected, what it found, and the closest match.
package struct CheckResult: Sendable, Equatable, Codable {
    package enum Standing: String, Sendable, Codable {
        case passed
        case failed
        /// It held when the task was done. A later task ended it on purpose.
        case past
    }

    package var kind: String
    package var standing: Standing
    package var wanted: Text
    package var found: Text
    package var nearest: Text?
    package var advice: Text?

    package init(kind: String, standing: Standing, wanted: Text, found: Text, nearest: Text? = nil, advice: Text? = nil) {
        self.kind = kind
        self.standing = standing
        self.wanted = wanted
        self.found = found
        self.nearest = nearest
        self.advice = advice
    }
}

package struct Captured: Sendable, Equatable, Codable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A model's prediction for a picture whose content is known.
package struct Prediction: Sendable, Equatable, Codable {
    /// A label and its probability, 0…1.
    package struct Label: Sendable, Equatable, Codable {
        package var label: String
        package var probability: Double

        package init(label: String, probability: Double) {
            self.label = label
            self.probability = probability
        }
    }

    package var model: String
    package var picture: String
    package var expected: [String]
    /// The best first, five at most.
    package var top: [Label]
    package var right: Bool
    package var seconds: Double
}

/// A container waits for a terminal. When the container exits, the task ends.
package struct ShellReady: Sendable, Equatable, Codable {
    package var container: String
    package var commands: [String]
}

package struct ShellEnded: Sendable, Equatable, Codable {
    package var exitCode: Int
}
