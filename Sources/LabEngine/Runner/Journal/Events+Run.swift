package import ContainerEngine
package import LabFile
package import LabSupport

/// The options of a run.
package struct RunOptions: Sendable, Equatable, Codable {
    package enum Device: String, Sendable, Codable, CaseIterable {
        case auto
        case cpu
        case gpu
    }

    /// Unattended: it uses scripts instead of shells, and reference solutions for files that the student hasn't written.
    package var auto = false
    /// The student agreed that reference solutions replace their own files. Nil: nobody asked, as in journals of earlier versions.
    package var useReference: Bool?
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

    /// Reference solutions replace the student's own files.
    package var usesReference: Bool { useReference == true }
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
    /// The values of the variables that differ from student to student. Nil if the lab has none.
    package var studentValues: [String: String]?

    package init(
        run: Int, lab: String, labFile: String, version: String, pid: Int32, selection: String, options: RunOptions, tasks: [PlannedTask],
        labDigest: String? = nil, studentValues: [String: String]? = nil
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
        self.studentValues = studentValues
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

    /// A text with the commands of the engine's own program.
    package func spoken(_ text: Text) -> Text { kind == "podman" ? PodmanWords.text(text) : text }
}

package struct DeviceChosen: Sendable, Equatable, Codable {
    /// `cpu` or `gpu`.
    package var device: String
    package var reason: Text
    /// The CDI devices that containers ask for. Nil: they ask by capability, as `--gpus all` does.
    package var cdi: [String]?

    package init(device: String, reason: Text, access: GPUAccess? = nil) {
        self.device = device
        self.reason = reason
        if case .cdi(let names) = access?.way { cdi = names }
    }

    /// What a container that wants a GPU asks the engine for.
    package var gpus: GPURequest { cdi.map { .cdi($0) } ?? .all }
}
