import LabSupport

/// The tasks and their dependencies.
package struct LabGraph: Sendable {
    /// All tasks in the order of the file.
    package let tasks: [TaskID]
    private let needs: [TaskID: [TaskID]]

    package init(_ spec: LabSpec) {
        self.init(spec.tasks)
    }

    /// It ignores needs of unknown tasks, and tasks that appear a second time. The rules report both.
    init(_ list: [LabTask]) {
        let known = Set(list.map(\.id))
        needs = Dictionary(list.map { ($0.id, $0.needs.filter(known.contains)) }) { first, _ in first }
        var seen: Set<TaskID> = []
        tasks = list.map(\.id).filter { seen.insert($0).inserted }
    }

    /// The tasks that this task names in `needs`.
    package func needs(of task: TaskID) -> [TaskID] { needs[task] ?? [] }

    /// An order in which each task comes after those that it needs. Otherwise it's the order of the file.
    package var order: [TaskID] { ordered(tasks) }

    /// The tasks and everything that they need, directly or indirectly, in the order in which they can run.
    package func closure(of wanted: Set<TaskID>) -> [TaskID] { ordered(tasks.filter(wanted.contains)) }

    private func ordered(_ wanted: [TaskID]) -> [TaskID] {
        var order: [TaskID] = []
        var seen: Set<TaskID> = []
        func visit(_ task: TaskID) {
            guard seen.insert(task).inserted else { return }
            needs(of: task).forEach(visit)
            order.append(task)
        }
        wanted.forEach(visit)
        return order
    }

    /// The longest chain of dependent tasks, and its time in seconds.
    package func criticalPath(seconds: (TaskID) -> Int) -> (tasks: [TaskID], seconds: Int) {
        var best: [TaskID: (tasks: [TaskID], seconds: Int)] = [:]
        for task in order {
            let before = needs(of: task).compactMap { best[$0] }.max { $0.seconds < $1.seconds } ?? ([], 0)
            best[task] = (before.tasks + [task], before.seconds + seconds(task))
        }
        return tasks.compactMap { best[$0] }.max { $0.seconds < $1.seconds } ?? ([], 0)
    }

    /// The closest task for an unknown id: in the same step, the one with the nearest number.
    func nearest(to id: TaskID) -> TaskID? {
        let neighbours = tasks.filter { $0.step == id.step }
        if let neighbour = neighbours.min(by: { abs($0.number - id.number) < abs($1.number - id.number) }) { return neighbour }
        return nil
    }

    /// How many circular dependencies are told. Many tasks that all need each other have millions.
    private static let cycleLimit = 20

    /// The circular dependencies. Each is a chain that ends with its first task.
    var cycles: [[TaskID]] {
        var cycles: [[TaskID]] = []
        var done: Set<TaskID> = []
        var chain: [TaskID] = []
        func visit(_ task: TaskID) {
            guard !done.contains(task), cycles.count < Self.cycleLimit else { return }
            if let start = chain.firstIndex(of: task) { return cycles.append(chain[start...] + [task]) }
            chain.append(task)
            needs(of: task).forEach(visit)
            chain.removeLast()
            done.insert(task)
        }
        tasks.forEach(visit)
        return cycles
    }
}
