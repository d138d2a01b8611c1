package import Diagnosis
package import LabFile
package import LabSupport

/// One line of a journal, a run's or the workspace's own.
///
/// Everything that happens to a lab is one of these; state, screens, reports and `--json` are views of their sequence.
/// On disk it is one flat JSON object: `{"schema":1,"seq":7,"time":1790000000.25,"task":"3.4","type":"progress", …payload…}`.
package struct Event: Sendable, Equatable {
    /// Version of the journal's form; raised when a reader of the old form would misunderstand.
    package static let schema = 1

    /// Position in the journal, from 1 without gaps.
    package var sequence: Int
    /// Seconds since 1970, with milliseconds.
    package var time: Double
    /// The sub-step that it belongs to; nil: the whole run.
    package var task: TaskID?
    package var payload: EventPayload

    package init(sequence: Int, time: Double, task: TaskID? = nil, payload: EventPayload) {
        self.sequence = sequence
        self.time = time
        self.task = task
        self.payload = payload
    }
}

/// What happened. Named as facts; each case carries one `Codable` struct whose fields stand flat in the journal's line.
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
    /// The cause of a failure, named right before the end of its task or run.
    case finding(Finding)
    /// A line that a later version wrote and this one does not know.
    case unknown(type: String)
}

/// How a run was asked for.
package struct RunOptions: Sendable, Equatable, Codable {
    package enum Device: String, Sendable, Codable, CaseIterable {
        case auto
        case cpu
        case gpu
    }

    /// Unattended: reference solutions instead of the student's files, scripts instead of shells.
    package var auto = false
    /// Train on a slice.
    package var quick = false
    /// Do again what is already done.
    package var force = false
    package var device = Device.auto
    /// `--set name=value`.
    package var set: [String: String] = [:]
    /// The front end has a terminal that a shell may be given to.
    package var terminal = false
    /// What else was typed behind `ailab step` than the steps themselves, for commands that say it again.
    package var typed: String?
    /// The cure that ailab carried out right before, for this run to prove.
    package var cure: CarriedCure?

    package init() {}
}

package struct RunStarted: Sendable, Equatable, Codable {
    package var run: Int
    package var lab: String
    package var labFile: String
    /// Version of the program that wrote the journal.
    package var version: String
    package var pid: Int32
    /// What was typed: `3`, `4.5`, `all`.
    package var selection: String
    package var options: RunOptions
    package var tasks: [PlannedTask]
    /// Hash of the lab file and its folder as they were; nil where nothing of them was used.
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

/// A task of the plan with what is expected of it.
package struct PlannedTask: Sendable, Equatable, Codable {
    package var id: TaskID
    package var title: Text
    package var expectedSeconds: Int
    /// Not asked for, but needed by one that was.
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
        /// The environment keeps it from going on; the doctor knows more.
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
    /// True where ailab started it.
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

/// Something that the student should know and that is neither output nor failure.
package struct Notice: Sendable, Equatable, Codable {
    package enum Level: String, Sendable, Codable {
        case info
        case warning
    }

    package var level: Level
    /// Stable dotted identifier.
    package var code: String
    package var text: Text

    package init(level: Level, code: String, text: Text) {
        self.level = level
        self.code = code
        self.text = text
    }
}

/// What a task that only looks found out; several lines where it is a table.
package struct Fact: Sendable, Equatable, Codable {
    /// Stable dotted identifier.
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
    /// The command lines that equal what is being done.
    package var commands: [String]
    /// Hash of everything that the result depends on.
    package var fingerprint: String
}

package struct TaskFinished: Sendable, Equatable, Codable {
    package enum Outcome: String, Sendable, Codable {
        case succeeded
        /// Nothing was done: the machine already is as the task would leave it.
        case satisfied
        case failed
        case cancelled
        /// Not begun, because a task that it needs failed.
        case blocked
        /// The student has to do something first.
        case waiting
    }

    package var outcome: Outcome
    package var seconds: Double
    package var fingerprint: String
    package var error: LabError?
    /// What stood in the way.
    package var blockedBy: TaskID?

    package init(outcome: Outcome, seconds: Double, fingerprint: String, error: LabError? = nil, blockedBy: TaskID? = nil) {
        self.outcome = outcome
        self.seconds = seconds
        self.fingerprint = fingerprint
        self.error = error
        self.blockedBy = blockedBy
    }
}

/// A container of an earlier run was found alive and is followed from here.
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
    /// Nil where nobody knows.
    package var total: Double?
    package var unit: Unit
}

/// Bytes that were appended to `output.log`, untouched.
package struct Output: Sendable, Equatable, Codable {
    package enum Stream: String, Sendable, Codable {
        case stdout
        case stderr
        /// Words of the engine or of ailab's own tools, such as build steps.
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
    /// Further numbers that came with it.
    package var more: [String: Double]?
}

package struct SourceChosen: Sendable, Equatable, Codable {
    /// The image or file that was wanted.
    package var what: String
    package var source: String
    /// True where something else serves in place of the original.
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

/// What a check wanted, found, and nearly found.
package struct CheckResult: Sendable, Equatable, Codable {
    package enum Standing: String, Sendable, Codable {
        case passed
        case failed
        /// Held when the task was done; a later task ended it on purpose.
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

/// A model's answer about a picture whose content is known.
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
    /// Best first, five at most.
    package var top: [Label]
    package var right: Bool
    package var seconds: Double
}

/// A container waits for a terminal to be attached; its end is the task's end.
package struct ShellReady: Sendable, Equatable, Codable {
    package var container: String
    package var commands: [String]
}

package struct ShellEnded: Sendable, Equatable, Codable {
    package var exitCode: Int
}
