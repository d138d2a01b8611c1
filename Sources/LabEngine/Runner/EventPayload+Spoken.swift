import ContainerEngine
import Diagnosis
import LabFile
import LabSupport

extension RunContext {
    /// Records an event, with the commands of the engine's own program.
    func append(_ payload: EventPayload, task: TaskID? = nil) { journal.append(payload.spoken(by: engine.kind), task: task) }
}

extension CheckResult {
    /// The same result with the commands of the engine's own program.
    func spoken(by kind: EngineKind?) -> CheckResult {
        guard let kind else { return self }
        var result = self
        result.wanted = kind.spoken(wanted)
        result.found = kind.spoken(found)
        result.advice = advice.map(kind.spoken)
        return result
    }
}

extension EventPayload {
    /// The same event with the commands of the engine's own program in its texts.
    func spoken(by kind: EngineKind?) -> EventPayload {
        guard let kind, kind.maker == .podman else { return self }
        switch self {
        case .notice(var notice):
            notice.text = kind.spoken(notice.text)
            return .notice(notice)
        case .taskFinished(var end):
            guard var error = end.error else { return self }
            error.message = kind.spoken(error.message)
            error.hint = error.hint.map(kind.spoken)
            end.error = error
            return .taskFinished(end)
        case .finding(var finding):
            finding.title = kind.spoken(finding.title)
            finding.why = kind.spoken(finding.why)
            return .finding(finding)
        // Checks speak so from the start: a look compares their results with recorded ones.
        case .check, .looked, .runStarted, .runFinished, .engineConnected, .deviceChosen, .fact, .taskStarted, .reattached, .progress,
            .output, .metric, .sourceChosen, .sourceFailed, .created, .captured, .prediction, .shellReady, .shellEnded, .taskReset,
            .taskSkipped, .taskUnskipped, .fileEdited, .questionAnswered, .hintOpened, .settingsChanged, .unknown:
            return self
        }
    }
}
