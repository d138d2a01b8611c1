import Diagnosis
import FoundationEssentials
import LabFile

extension EventPayload {
    /// The value of `type` in the journal.
    package var type: String {
        switch self {
        case .runStarted: "runStarted"
        case .runFinished: "runFinished"
        case .engineConnected: "engineConnected"
        case .deviceChosen: "deviceChosen"
        case .notice: "notice"
        case .fact: "fact"
        case .taskStarted: "taskStarted"
        case .taskFinished: "taskFinished"
        case .reattached: "reattached"
        case .progress: "progress"
        case .output: "output"
        case .metric: "metric"
        case .sourceChosen: "sourceChosen"
        case .sourceFailed: "sourceFailed"
        case .created: "created"
        case .check: "check"
        case .captured: "captured"
        case .prediction: "prediction"
        case .shellReady: "shellReady"
        case .shellEnded: "shellEnded"
        case .taskReset: "taskReset"
        case .taskSkipped: "taskSkipped"
        case .taskUnskipped: "taskUnskipped"
        case .looked: "looked"
        case .fileEdited: "fileEdited"
        case .questionAnswered: "questionAnswered"
        case .hintOpened: "hintOpened"
        case .settingsChanged: "settingsChanged"
        case .finding: "finding"
        case .unknown(let type): type
        }
    }

    fileprivate init(type: String, from decoder: any Decoder) throws {
        switch type {
        case "runStarted": self = .runStarted(try RunStarted(from: decoder))
        case "runFinished": self = .runFinished(try RunFinished(from: decoder))
        case "engineConnected": self = .engineConnected(try EngineConnected(from: decoder))
        case "deviceChosen": self = .deviceChosen(try DeviceChosen(from: decoder))
        case "notice": self = .notice(try Notice(from: decoder))
        case "fact": self.init(fact: try Fact(from: decoder))
        case "taskStarted": self = .taskStarted(try TaskStarted(from: decoder))
        case "taskFinished": self = .taskFinished(try TaskFinished(from: decoder))
        case "reattached": self = .reattached(try Reattached(from: decoder))
        case "progress": self = .progress(try Progress(from: decoder))
        case "output": self = .output(try Output(from: decoder))
        case "metric": self = .metric(try Metric(from: decoder))
        case "sourceChosen": self = .sourceChosen(try SourceChosen(from: decoder))
        case "sourceFailed": self = .sourceFailed(try SourceFailed(from: decoder))
        case "created": self = .created(try Created(from: decoder))
        case "check": self = .check(try CheckResult(from: decoder))
        case "captured": self = .captured(try Captured(from: decoder))
        case "prediction": self = .prediction(try Prediction(from: decoder))
        case "shellReady": self = .shellReady(try ShellReady(from: decoder))
        case "shellEnded": self = .shellEnded(try ShellEnded(from: decoder))
        case "taskReset": self = .taskReset(try TaskReset(from: decoder))
        case "taskSkipped": self = .taskSkipped(try TaskSkipped(from: decoder))
        case "taskUnskipped": self = .taskUnskipped(try TaskUnskipped(from: decoder))
        case "looked": self = .looked(try Looked(from: decoder))
        case "fileEdited": self = .fileEdited(try FileEdited(from: decoder))
        case "questionAnswered": self = .questionAnswered(try QuestionAnswered(from: decoder))
        case "hintOpened": self = .hintOpened(try HintOpened(from: decoder))
        case "settingsChanged": self = .settingsChanged(try SettingsChanged(from: decoder))
        case "finding": self = .finding(try Finding(from: decoder))
        default: self = .unknown(type: type)
        }
    }

    /// The struct of the case. Its fields are at the top level of the line.
    fileprivate var body: (any Encodable)? {
        switch self {
        case .runStarted(let body): body
        case .runFinished(let body): body
        case .engineConnected(let body): body
        case .deviceChosen(let body): body
        case .notice(let body): body
        case .fact(let body): body
        case .taskStarted(let body): body
        case .taskFinished(let body): body
        case .reattached(let body): body
        case .progress(let body): body
        case .output(let body): body
        case .metric(let body): body
        case .sourceChosen(let body): body
        case .sourceFailed(let body): body
        case .created(let body): body
        case .check(let body): body
        case .captured(let body): body
        case .prediction(let body): body
        case .shellReady(let body): body
        case .shellEnded(let body): body
        case .taskReset(let body): body
        case .taskSkipped(let body): body
        case .taskUnskipped(let body): body
        case .looked(let body): body
        case .fileEdited(let body): body
        case .questionAnswered(let body): body
        case .hintOpened(let body): body
        case .settingsChanged(let body): body
        case .finding(let body): body
        case .unknown: nil
        }
    }
}

extension Event {
    /// The line of a journal, without its link and its end. Nil if a number has no form in JSON.
    var line: [UInt8]? {
        if let line = OutputLine.bytes(of: self) { return line }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map(Array.init)
    }
}

extension Event: Codable {
    private enum Key: String, CodingKey {
        case schema
        case seq
        case time
        case task
        case type
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        sequence = try container.decode(Int.self, forKey: .seq)
        time = try container.decode(Double.self, forKey: .time)
        task = try container.decodeIfPresent(TaskID.self, forKey: .task)
        payload = try EventPayload(type: container.decode(String.self, forKey: .type), from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Event.schema, forKey: .schema)
        try container.encode(sequence, forKey: .seq)
        try container.encode(time, forKey: .time)
        try container.encodeIfPresent(task, forKey: .task)
        try container.encode(payload.type, forKey: .type)
        try payload.body?.encode(to: encoder)
    }
}
