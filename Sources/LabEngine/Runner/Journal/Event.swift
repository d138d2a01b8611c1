package import Diagnosis
package import LabFile

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
    case questionAnswered(QuestionAnswered)
    case hintOpened(HintOpened)
    case settingsChanged(SettingsChanged)
    /// The cause of a failure. It's recorded right before the end of its task or run.
    case finding(Finding)
    /// A line with an unknown type, which a later version wrote.
    case unknown(type: String)
}
