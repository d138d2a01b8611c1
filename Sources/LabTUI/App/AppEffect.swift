package import Diagnosis
package import LabFile
package import LabRunner
package import LabSupport

/// Work that `update` asks for. It's a plain value, so that tests can compare it. The services run it and send events.
package enum AppEffect: Sendable, Equatable {
    case loadLab
    /// Follows this lab's journals in the workspace.
    case watchWorkspace(lab: String)
    case watchEngine
    case readHost
    /// Reads and checks the student's files, now and whenever they change.
    case watchFiles(asksEngine: Bool)
    case prepare
    case readOutput(OutputRequest)
    case launch(selection: String, auto: Bool, force: Bool)
    case cancelRun(run: Int, atOnce: Bool)
    case look(TaskID)
    case readFile(PathBelow)
    case readPicture(PathBelow)
    case saveOutput(OutputRequest)
    /// Finds the cause of a failure from the end of the output and the error.
    case diagnose(OutputRequest, failure: LabError?)
    /// Finds what a reset would remove.
    case findRemovable(TaskID)
    case reset([TaskID])
    /// Finds what cleaning the workspace would give back.
    case findCleanable
    /// Checks the machine. The size is the terminal's, because the doctor checks the terminal, too.
    case doctor(Size)
    /// Applies a remedy, and then runs the task again.
    case cure(TaskID, cause: String, Remedy)
    /// Writes the report into the student's folder of the lab. `utcOffset` is how many seconds the student's clock is ahead of UTC.
    case report(Language, utcOffset: Int)
    /// Takes samples until it's cancelled.
    case startTelemetry
    case stopTelemetry
    /// Skips a task, or undoes that.
    case skip(TaskID, isSkipped: Bool)
    /// Records what the student expects of a task.
    case answer(TaskID, QuestionAnswered)
    /// Records that the student opened a hint.
    case openHint(TaskID, HintOpened)
    case readGlossary
    case readCommandWords
    /// Finds which results other settings would make out of date.
    case weighSettings(SettingsChanged)
    case saveSettings(SettingsChanged)
    case savePreferences(Language, Theme)
    /// Finds the paths that begin with this.
    case findPaths(String)
    /// Asks a model about a picture of the student's.
    case predict(PictureQuestion)
    /// Waits a moment, and then lets the box on top take keys.
    case settleBox
    case startClock
    case stopClock
    case terminal(TerminalRequest)
    case quit

    /// Two effects with the same id never run at the same time: the later one cancels the earlier.
    package var id: String {
        switch self {
        case .loadLab: "lab"
        case .watchWorkspace: "workspace"
        case .watchEngine: "engine"
        case .readHost: "host"
        case .watchFiles: "files"
        case .prepare: "prepare"
        case .readOutput: "output"
        case .launch: "launch"
        case .cancelRun: "cancel"
        case .look(let task): "look \(task)"
        case .readFile(let file): "file \(file.shown)"
        case .readPicture(let file): "picture \(file.shown)"
        case .saveOutput: "save"
        case .diagnose: "diagnose"
        case .findRemovable: "removable"
        case .reset: "reset"
        case .findCleanable: "cleanable"
        case .doctor: "doctor"
        case .cure: "cure"
        case .report: "report"
        case .startTelemetry, .stopTelemetry: "telemetry"
        case .skip(let task, _): "skip \(task)"
        case .answer(let task, _): "answer \(task)"
        case .openHint(let task, let hint): "hint \(task) \(hint.number)"
        case .readGlossary: "glossary"
        case .readCommandWords: "command words"
        case .weighSettings: "weigh settings"
        case .saveSettings: "save settings"
        case .savePreferences: "preferences"
        case .findPaths: "paths"
        case .predict: "predict"
        case .settleBox: "settle"
        case .startClock, .stopClock: "clock"
        case .terminal, .quit: ""
        }
    }
}

/// Work that only the owner of the terminal can do.
package enum TerminalRequest: Sendable, Equatable {
    /// Copies a text to the clipboard of the student's own machine, through the terminal.
    case copy(String)
    case redraw
    /// Turns on the reporting of clicks. If it's off, the terminal uses the mouse to select text.
    case mouse(Bool)
    /// Lends the terminal to a container's shell.
    case attach(container: String)
    /// Lends the terminal to the student's editor, at a line if it takes one. If there's no file at `path`, the template is copied there
    /// first.
    case edit(path: String, template: String?, line: Int?)
    /// Suspends the process, as Ctrl-Z does.
    case stop
}
