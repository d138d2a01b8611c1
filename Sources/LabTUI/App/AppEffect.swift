package import Diagnosis
package import LabFile
package import LabSupport

/// Work that `update` asks for. Data, so that tests compare it; what carries it out answers with events.
package enum AppEffect: Sendable, Equatable {
    case loadLab
    /// Follows the journals of the workspace that belong to this lab.
    case watchWorkspace(lab: String)
    case watchEngine
    case readHost
    case prepare
    case readOutput(OutputRequest)
    case launch(selection: String, auto: Bool, force: Bool)
    case cancelRun(run: Int, atOnce: Bool)
    case look(TaskID)
    case readFile(path: String)
    case readPicture(path: String)
    case saveOutput(OutputRequest)
    /// Names the cause of a failure from the end of the output and the failure's own words.
    case diagnose(OutputRequest, failure: LabError?)
    /// Finds what a reset would take away.
    case findRemovable(TaskID)
    case reset([TaskID])
    /// Looks at the machine; the size is that of the terminal, which is looked at, too.
    case doctor(Size)
    /// Carries a remedy out, then the task again.
    case cure(TaskID, cause: String, Remedy)
    /// Writes the report into the student's folder of the lab; `utcOffset`: seconds that their clock is ahead of UTC.
    case report(Language, utcOffset: Int)
    /// Measures, as long as somebody looks.
    case startTelemetry
    case stopTelemetry
    /// Marks a task as passed over, or takes the mark away.
    case skip(TaskID, isSkipped: Bool)
    case startClock
    case stopClock
    case terminal(TerminalRequest)
    case quit

    /// Two effects with one id never run together: the later one cancels the earlier.
    package var id: String {
        switch self {
        case .loadLab: "lab"
        case .watchWorkspace: "workspace"
        case .watchEngine: "engine"
        case .readHost: "host"
        case .prepare: "prepare"
        case .readOutput: "output"
        case .launch: "launch"
        case .cancelRun: "cancel"
        case .look: "look"
        case .readFile(let path): "file \(path)"
        case .readPicture(let path): "picture \(path)"
        case .saveOutput: "save"
        case .diagnose: "diagnose"
        case .findRemovable: "removable"
        case .reset: "reset"
        case .doctor: "doctor"
        case .cure: "cure"
        case .report: "report"
        case .startTelemetry, .stopTelemetry: "telemetry"
        case .skip(let task, _): "skip \(task)"
        case .startClock, .stopClock: "clock"
        case .terminal, .quit: ""
        }
    }
}

/// What only the owner of the terminal can do.
package enum TerminalRequest: Sendable, Equatable {
    /// Into the clipboard of the student's own machine, through the terminal.
    case copy(String)
    case redraw
    /// Reports clicks, or leaves them to the terminal for selecting text.
    case mouse(Bool)
    /// Lends the terminal to a container's shell.
    case attach(container: String)
    /// Lends it to the student's editor; the template is copied to `path` first where that is missing.
    case edit(path: String, template: String?)
    /// Ctrl-Z.
    case stop
}
