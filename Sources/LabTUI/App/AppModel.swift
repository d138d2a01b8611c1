package import Diagnosis
package import LabFile
package import LabRunner
package import LabSupport

/// Everything that is shown. One writer: `AppUpdate`.
package struct AppModel: Sendable {
    package var size: Size
    package var settings: Settings
    package var lab = LabState()
    package var walkthrough = WalkthroughState()
    package var telemetry = TelemetryState()
    /// Boxes over the screen, the topmost last.
    package var overlays: [Overlay] = []
    /// What is said in the last line until the next key.
    package var message: Message?
    /// The clock, as far as it is known.
    package var now: Double

    package init(size: Size, settings: Settings, now: Double) {
        self.size = size
        self.settings = settings
        self.now = now
    }

    package var look: Look { settings.look }

    package func word(_ text: Text) -> String { text[settings.language] }
    package func say(_ text: Text) -> String { text[settings.language] }
}

/// What the student may change about the program itself.
package struct Settings: Sendable, Equatable {
    package var language: Language
    package var look: Look
    package var usesMouse = false
    /// How many seconds of a recording are told in one; nil: this is no demo.
    package var demoSpeed: Double?
    package var keys = Keys()
    /// Seconds that the student's clock is ahead of UTC.
    package var utcOffset = 0

    package init(language: Language, look: Look) {
        self.language = language
        self.look = look
    }
}

/// A sentence in the last line.
package struct Message: Sendable, Equatable {
    package var text: Text
    package var isFailure: Bool
}

/// The lab and how it stands.
package struct LabState: Sendable {
    package var spec: LabSpec?
    package var failure: LabError?
    package var progress = LabProgress()
    package var hasHistory = false
    package var engine = EngineStatus.unknown
    package var doctor = DoctorState()
    package var host: HostSummary?
    package var commands: [TaskID: [String]] = [:]
    /// What is known about failures, by task, with the run that failed.
    package var findings: [TaskID: (run: Int, findings: [Finding])] = [:]
    package var files: [String: String] = [:]
    package var pictures: [String: Picture] = [:]
    /// The folder of the student's files.
    package var filesFolder = ""
    /// A run was asked for and its journal does not exist yet.
    package var isLaunching = false
    /// The run that was asked to cancel.
    package var cancelling: Int?

    package init() {}

    package func state(of task: TaskID) -> TaskState { progress.state(of: task) }

    /// The run at work.
    package var livingRun: LabProgress.Run? { progress.run.flatMap { $0.isAlive ? $0 : nil } }

    /// How many of the lab's tasks are done.
    package var tally: LabTally { progress.tally(spec?.tasks ?? []) }

    /// The commands that equal a task: those of its last run, else as they would be.
    package func commands(of task: TaskID) -> [String] {
        let recorded = progress.records[task]?.commands ?? []
        return recorded.isEmpty ? commands[task] ?? [] : recorded
    }
}
