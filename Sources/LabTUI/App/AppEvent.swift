package import Diagnosis
package import Doctor
package import LabEngine
package import LabFile
package import LabRunner
package import LabSupport
package import Telemetry

/// Everything that the app reacts to.
package enum AppEvent: Sendable {
    case key(Key)
    case pasted(String)
    case mouse(Mouse)
    case resized(Size)
    /// The terminal said whether its background is light.
    case background(isLight: Bool)
    /// The clock, in seconds since 1970. It comes only while the screen shows a time.
    case ticked(Double)
    /// `files` is the folder of the student's files.
    case labLoaded(LabSpec, files: String)
    case labFailed(LabError)
    case journal(run: Int, [Event])
    /// Events of the lab outside of runs.
    case workspaceJournal([Event])
    /// The runner has exited, and its journal has been read to the end.
    case runClosed(Int)
    /// The journals of earlier runs have been read.
    case historyRead
    case engine(EngineStatus)
    case host(HostSummary)
    /// The lab with its variables filled in, and the command lines that each task equals before its first run.
    case prepared(LabSpec, commands: [TaskID: [String]])
    case outputRead(OutputAnswer)
    case launched(run: Int)
    case looked(TaskID, [CheckResult], isDone: Bool)
    case examined(ProbeResult)
    /// The doctor has finished.
    case examinationEnded
    case diagnosed(TaskID, run: Int, [Finding])
    case fileRead(path: String, content: String?)
    /// A file of the student's, when it's first looked at and whenever it changes.
    case fileExamined(ExaminedFile)
    case pictureRead(path: String, Picture?)
    /// Samples, the oldest first.
    case telemetry([TelemetrySample])
    /// A message for the last line.
    case said(Text)
    case failed(LabError)
    /// The terminal was lent and is available again.
    case terminalReturned(LabError?)
    case removable(TaskID, [WorkspaceObject])
    /// What cleaning the workspace would remove.
    case cleanable([WorkspaceObject])
    /// The lab's terms. Nil if they can't be read.
    case glossaryRead(LabGlossary?)
    /// The words of the lab's commands. Nil if they can't be read.
    case commandWordsRead(LabCommands?)
    /// The finished tasks that these settings would make out of date.
    case settingsWeighed(SettingsChanged, outdated: [TaskID])
    /// The demo has reached its end.
    case demoEnded
    /// The paths that begin with what was typed.
    case pathsFound(typed: String, [String])
    /// What a model says of a picture of the student's.
    case predicted(PictureQuestion, PictureAnswer)
    /// It's time to paint a frame that was delayed.
    case framePaced
    /// A box that opened by itself has been in sight for a moment.
    case boxSettled
    /// SIGTERM or SIGHUP arrived, or the terminal is gone.
    case terminated
}

/// Whether a container engine can be used.
package enum EngineStatus: Sendable, Equatable {
    case unknown
    case reachable(EngineConnected)
    case unreachable(LabError)
}

/// The few facts about the machine that the header shows.
package struct HostSummary: Sendable, Equatable {
    package var freeBytes: Double?
    /// The names of the GPUs. Empty if there are none.
    package var gpus: [String]

    package init(freeBytes: Double?, gpus: [String]) {
        self.freeBytes = freeBytes
        self.gpus = gpus
    }
}

/// A request for pieces of a run's raw output.
package struct OutputRequest: Sendable, Equatable {
    package var run: Int
    package var task: TaskID
    package var pieces: [Segment]
}

/// The bytes of the requested pieces. If the file is shorter, there are fewer than requested.
package struct OutputAnswer: Sendable, Equatable {
    package var request: OutputRequest
    package var bytes: [[UInt8]]

    package init(request: OutputRequest, bytes: [[UInt8]]) {
        self.request = request
        self.bytes = bytes
    }
}
