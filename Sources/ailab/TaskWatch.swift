import LabFile
import LabRunner

/// How far some tasks of a run are.
struct TaskWatch {
    private let tasks: Set<TaskID>
    private var planned: Set<TaskID>?
    private var endings: [TaskID: TaskFinished] = [:]
    private var end: RunFinished?

    init(_ tasks: Set<TaskID>) { self.tasks = tasks }

    mutating func take(_ event: Event) {
        switch event.payload {
        case .runStarted(let start): planned = tasks.intersection(start.tasks.map(\.id))
        case .taskFinished(let end): if let task = event.task, tasks.contains(task) { endings[task] = end }
        case .runFinished(let finished): end = finished
        default: break
        }
    }

    /// The run has said what it does, and none of them is among it.
    var isElsewhere: Bool { planned?.isEmpty ?? false }

    /// All of them that the run was to do have ended, or the run has.
    var isOver: Bool { end != nil || planned.map { !$0.isEmpty && $0.isSubset(of: endings.keys) } ?? false }

    /// 0 where all of them went well, else what the first failure says; nil while they go on.
    var exitCode: Int32? {
        guard isOver else { return nil }
        guard !endings.isEmpty else { return end?.exitCode }
        return endings.sorted { $0.key < $1.key }.map { Self.exitCode(of: $0.value) }.first { $0 != 0 } ?? 0
    }

    private static func exitCode(of end: TaskFinished) -> Int32 {
        switch end.outcome {
        case .succeeded, .satisfied: 0
        case .cancelled: 130
        case .failed, .blocked, .waiting: max(1, end.error?.exitStatus ?? 1)
        }
    }
}
