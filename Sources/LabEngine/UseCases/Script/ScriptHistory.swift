import LabFile
import LabRunner

/// What the runs of a lab executed, as their journals have it.
struct ScriptHistory {
    /// One attempt at a sub-step.
    struct Attempt {
        var run: RunStarted
        var device: String
        /// The equivalent command lines, in order.
        var commands: [String]
        var sources: [SourceChosen] = []
        var images: [String] = []
        var predictions: [Prediction] = []
        /// The student worked in a shell.
        var hadShell = false
        var isDone = false
    }

    /// The attempts whose results count, in the order in which they began.
    private(set) var counted: [(task: TaskID, attempt: Attempt)] = []

    init(_ portions: [LabJournals.Portion]) {
        var run: RunStarted?
        var device = "cpu"
        for event in portions.flatMap(\.events) {
            switch event.payload {
            case .runStarted(let start): (run, device) = (start, "cpu")
            case .deviceChosen(let chosen): device = chosen.device
            case .taskStarted(let start):
                guard let task = event.task, let run else { continue }
                counted.append((task, Attempt(run: run, device: device, commands: start.commands)))
            case .taskReset: counted.removeAll { $0.task == event.task }
            case .sourceChosen(let source): change(event.task, run) { $0.sources.append(source) }
            case .created(let made): if made.kind == .image { change(event.task, run) { $0.images.append(made.name) } }
            case .prediction(let prediction):
                change(event.task, run) { attempt in
                    attempt.predictions.removeAll { $0.picture == prediction.picture }
                    attempt.predictions.append(prediction)
                }
            case .shellReady: change(event.task, run) { $0.hadShell = true }
            case .taskFinished(let end): change(event.task, run) { $0.isDone = end.outcome.isDone }
            case .runFinished, .engineConnected, .notice, .fact, .reattached, .progress, .output, .metric, .sourceFailed, .check, .captured,
                .shellEnded, .taskSkipped, .taskUnskipped, .looked, .fileEdited, .questionAnswered, .hintOpened, .settingsChanged, .finding,
                .unknown:
                continue
            }
        }
        // Of each sub-step, the last attempt that succeeded made what is there now.
        var seen: Set<TaskID> = []
        counted = counted.reversed().filter { $0.attempt.isDone && seen.insert($0.task).inserted }.reversed()
    }

    /// Changes the attempt at a sub-step in this run. A run that only found it done has none.
    private mutating func change(_ task: TaskID?, _ run: RunStarted?, _ work: (inout Attempt) -> Void) {
        guard let index = counted.lastIndex(where: { $0.task == task }), counted[index].attempt.run.run == run?.run else { return }
        work(&counted[index].attempt)
    }
}
