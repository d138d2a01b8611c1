import LabFile
import LabSupport
package import Telemetry

/// The telemetry in a run's journal: the progress of the training, and marks for what happened when.
package struct JournalTelemetry: Sendable {
    /// Marks of the same kind become one if they are closer together than this many seconds. A burst of requests is one moment.
    private static let burst = 1.0

    /// Nil before the first number of the current task.
    package private(set) var training: TrainingSample?
    private var marks: [TelemetryMark] = []
    private var titles: [TaskID: Text] = [:]
    private var epoch: Double?
    private var lastRequest = -Double.infinity

    package init() {}

    package mutating func take(_ events: [Event]) {
        for event in events { take(event) }
    }

    /// The marks since the last call.
    package mutating func takeMarks() -> [TelemetryMark] {
        defer { marks = [] }
        return marks
    }

    private mutating func take(_ event: Event) {
        switch event.payload {
        case .taskStarted(let start):
            training = nil
            epoch = nil
            guard let task = event.task else { return }
            titles[task] = start.title
            mark(event, .taskStarted, start.title.map { "\(task) \($0)" })
        case .taskFinished(let end):
            guard let task = event.task, let title = titles.removeValue(forKey: task) else { return }
            training = nil
            let text =
                end.outcome.isDone
                ? Text(en: "\(task) \(title.en): done", zh: "\(task) \(title.zh)：完成")
                : Text(en: "\(task) \(title.en): not done", zh: "\(task) \(title.zh)：未完成")
            mark(event, .taskFinished, text)
        case .metric(let metric): take(metric, event)
        case .prediction(let prediction):
            guard event.time - lastRequest >= Self.burst else { return }
            lastRequest = event.time
            mark(event, .request, Text(en: "request to \(prediction.model)", zh: "请求 \(prediction.model)"))
        default: break
        }
    }

    private mutating func mark(_ event: Event, _ kind: TelemetryMark.Kind, _ text: Text) {
        marks.append(TelemetryMark(time: event.time, kind: kind, text: text))
    }

    private mutating func take(_ metric: Metric, _ event: Event) {
        var sample = training ?? TrainingSample()
        sample.task = event.task?.description
        sample.epoch = metric.epoch ?? sample.epoch
        for (name, value) in (metric.more ?? [:]).merging([metric.name: metric.value], uniquingKeysWith: { _, own in own })
        where value.isFinite {
            switch name {
            case "loss": sample.loss = value
            case "accuracy": sample.accuracy = value
            case "samples_per_second": sample.samplesPerSecond = value
            default: break
            }
        }
        training = sample
        // A training prints its accuracy at the end of an epoch.
        guard metric.name == "accuracy", let now = metric.epoch, now != epoch else { return }
        epoch = now
        let number = Int(shown: now)
        mark(event, .epoch, Text(en: "epoch \(number)", zh: "第 \(number) 轮"))
    }
}
