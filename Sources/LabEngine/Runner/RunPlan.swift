package import LabFile

/// The tasks that have to run: requested tasks that aren't done, and those that they need whose results don't exist now.
package struct RunPlan: Sendable, Equatable {
    /// The tasks to run, in an order in which they can run.
    package var toRun: [TaskID]
    /// The requested tasks that are done.
    package var done: [TaskID]
}

extension RunPlan {
    package init(requested: [TaskID], graph: LabGraph, looks: [TaskID: TaskLook], force: Bool) {
        var wanted: Set<TaskID> = []
        func want(_ task: TaskID) {
            guard wanted.insert(task).inserted else { return }
            for need in graph.needs(of: task) where looks[need]?.isLive != true { want(need) }
        }
        for task in requested where force || looks[task]?.isDone != true { want(task) }
        // If a requested task depends on one that runs again, it's looked at again when it's its turn.
        let requestedSet = Set(requested)
        var grew = true
        while grew {
            grew = false
            for task in requested where !wanted.contains(task) && graph.needs(of: task).contains(where: wanted.contains) {
                want(task)
                grew = true
            }
        }
        toRun = graph.order.filter(wanted.contains)
        done = graph.order.filter { requestedSet.contains($0) && !wanted.contains($0) }
    }
}
