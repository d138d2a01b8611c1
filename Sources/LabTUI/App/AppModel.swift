package import Diagnosis
package import LabFile
package import LabRunner
package import LabSupport

/// Everything that the screen shows. Only `AppUpdate` changes it.
package struct AppModel: Sendable {
    package var size: Size
    package var settings: Settings
    package var lab = LabState()
    package var walkthrough = WalkthroughState()
    package var telemetry = TelemetryState()
    /// Boxes over the screen. The last one is on top.
    package var overlays: [Overlay] = []
    /// The message in the last line. The next key removes it.
    package var message: Message?
    /// The time of the last event that carried one.
    package var now: Double

    package init(size: Size, settings: Settings, now: Double) {
        self.size = size
        self.settings = settings
        self.now = now
    }

    package var look: Look { settings.look }

    package func say(_ text: Text) -> String { text[settings.language] }
}

/// The settings that the student can change.
package struct Settings: Sendable, Equatable {
    package var language: Language
    package var look: Look
    package var usesMouse = false
    /// How many seconds of the recording a demo plays in one second. Nil if this isn't a demo.
    package var demoSpeed: Double?
    package var keys = Keys()
    /// How many seconds the student's clock is ahead of UTC.
    package var utcOffset = 0

    package init(language: Language, look: Look) {
        self.language = language
        self.look = look
    }
}

/// A message in the last line.
package struct Message: Sendable, Equatable {
    package var text: Text
    package var isFailure: Bool
}

/// The lab and its progress.
package struct LabState: Sendable {
    package var spec: LabSpec?
    package var failure: LabError?
    package var progress = LabProgress()
    package var hasHistory = false
    package var engine = EngineStatus.unknown
    package var doctor = DoctorState()
    package var host: HostSummary?
    package var commands: [TaskID: [String]] = [:]
    /// The known causes of failures, by task, with the number of the failed run.
    package var findings: [TaskID: (run: Int, findings: [Finding])] = [:]
    package var files: [String: String] = [:]
    package var pictures: [String: Picture] = [:]
    /// The folder of the student's files.
    package var filesFolder = ""
    /// A run has been requested, but its journal doesn't exist yet.
    package var isLaunching = false
    /// The run that was asked to cancel.
    package var cancelling: Int?

    package init() {}

    package func state(of task: TaskID) -> TaskState { progress.state(of: task) }

    /// The run that is active.
    package var livingRun: LabProgress.Run? { progress.run.flatMap { $0.isAlive ? $0 : nil } }

    /// How many of the lab's tasks are done.
    package var tally: LabTally { progress.tally(spec?.tasks ?? []) }

    /// The command lines that a task equals: those of its last run, or those that a run would use.
    package func commands(of task: TaskID) -> [String] {
        let recorded = progress.records[task]?.commands ?? []
        return recorded.isEmpty ? commands[task] ?? [] : recorded
    }
}
