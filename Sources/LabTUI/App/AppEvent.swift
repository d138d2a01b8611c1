package import Diagnosis
package import Doctor
package import LabEngine
package import LabFile
package import LabRunner
package import LabSupport
package import Telemetry

/// Everything that the program reacts to, as facts.
package enum AppEvent: Sendable {
    case key(Key)
    case pasted(String)
    case mouse(Mouse)
    case resized(Size)
    /// The clock, seconds since 1970; comes only while something on the screen shows time.
    case ticked(Double)
    /// `files` is the folder of the student's files.
    case labLoaded(LabSpec, files: String)
    case labFailed(LabError)
    case journal(run: Int, [Event])
    /// What happened to the lab outside of runs.
    case workspaceJournal([Event])
    /// The run's runner is gone and its journal read to the end.
    case runClosed(Int)
    /// The journals of the past have been read.
    case historyRead
    case engine(EngineStatus)
    case host(HostSummary)
    /// The lab with its variables filled in, and the commands that equal each task before it was ever run.
    case prepared(LabSpec, commands: [TaskID: [String]])
    case outputRead(OutputAnswer)
    case launched(run: Int)
    case looked(TaskID, [CheckResult], isDone: Bool)
    case examined(ProbeResult)
    /// The doctor has looked at everything.
    case examinationEnded
    case diagnosed(TaskID, run: Int, [Finding])
    case fileRead(path: String, content: String?)
    case pictureRead(path: String, Picture?)
    /// What was measured, the oldest first.
    case telemetry([TelemetrySample])
    /// Something to tell in the last line.
    case said(Text)
    case failed(LabError)
    /// The terminal was lent and is back.
    case terminalReturned(LabError?)
    case removable(TaskID, [WorkspaceObject])
    /// A demo has told everything.
    case demoEnded
    /// A frame that was held back is due.
    case framePaced
    /// SIGTERM, SIGHUP, or a terminal that went away.
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
    /// The GPUs' names; empty where there is none.
    package var gpus: [String]

    package init(freeBytes: Double?, gpus: [String]) {
        self.freeBytes = freeBytes
        self.gpus = gpus
    }
}

/// Pieces of a run's raw output that are wanted.
package struct OutputRequest: Sendable, Equatable {
    package var run: Int
    package var task: TaskID
    package var pieces: [Segment]
}

/// The bytes of these pieces; fewer than asked for where the file is shorter.
package struct OutputAnswer: Sendable, Equatable {
    package var request: OutputRequest
    package var bytes: [[UInt8]]

    package init(request: OutputRequest, bytes: [[UInt8]]) {
        self.request = request
        self.bytes = bytes
    }
}
