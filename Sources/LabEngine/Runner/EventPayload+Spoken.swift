import ContainerEngine
import Diagnosis
import LabSupport

extension EventPayload {
    /// The same event with the commands of the engine's own program in its texts.
    func spoken(by kind: EngineKind?) -> EventPayload {
        guard let kind, kind.maker == .podman else { return self }
        switch self {
        case .notice(var notice):
            notice.text = kind.spoken(notice.text)
            return .notice(notice)
        case .check(var result):
            result.wanted = kind.spoken(result.wanted)
            result.found = kind.spoken(result.found)
            result.advice = result.advice.map(kind.spoken)
            return .check(result)
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
        case .runStarted, .runFinished, .engineConnected, .deviceChosen, .fact, .taskStarted, .reattached, .progress, .output, .metric,
            .sourceChosen, .sourceFailed, .created, .captured, .prediction, .shellReady, .shellEnded, .taskReset, .taskSkipped,
            .taskUnskipped, .looked, .fileEdited, .questionAnswered, .hintOpened, .settingsChanged, .unknown:
            return self
        }
    }
}
