package import LabFile

/// All tasks of a run. Each gets its inputs after the tasks before it have ended.
package struct RunMachine: Sendable, Equatable {
    /// A command and its task.
    package struct Step: Sendable, Equatable {
        package var task: TaskID
        package var command: TaskMachine.Command
    }

    package private(set) var machines: [TaskID: TaskMachine] = [:]
    /// Nothing starts any more.
    package private(set) var isStopping = false
    private let needs: [TaskID: [TaskID]]
    private let order: [TaskID]
    private let alone: Set<TaskID>

    /// `needs` contains only tasks of the plan, because all others are already done. While a task of `alone` runs, no other does.
    package init(plan: [TaskID], needs: [TaskID: [TaskID]], actsAtOnce: Set<TaskID>, alone: Set<TaskID> = []) {
        order = plan
        self.alone = alone
        let planned = Set(plan)
        self.needs = Dictionary(uniqueKeysWithValues: plan.map { ($0, (needs[$0] ?? []).filter(planned.contains)) })
        for task in plan { machines[task] = TaskMachine(actsAtOnce: actsAtOnce.contains(task)) }
    }

    /// Starts the tasks that can start now.
    package mutating func start() -> [Step] { release() }

    /// Passes an input to a task, and returns everything that follows from it.
    package mutating func handle(_ task: TaskID, _ input: TaskMachine.Input) -> [Step] {
        guard let command = machines[task]?.handle(input) else { return [] }
        if case .finish = command { return [Step(task: task, command: command)] + release() }
        // An answer that was on its way when the run was stopped must not start anything.
        return isStopping ? handle(task, .cancelled) : [Step(task: task, command: command)]
    }

    /// Stops the run. Tasks that aren't running end here. Running tasks (`busy`) end with their answer.
    package mutating func stop(busy: Set<TaskID>) -> [Step] {
        isStopping = true
        return order.filter { !busy.contains($0) }.flatMap { handle($0, .cancelled) }
    }

    package var isFinished: Bool { machines.values.allSatisfy { if case .ended = $0.phase { true } else { false } } }

    package func outcome(of task: TaskID) -> TaskFinished.Outcome? {
        if case .ended(let outcome)? = machines[task]?.phase { outcome } else { nil }
    }

    /// A blocked task also blocks those that need it, so this repeats until nothing changes.
    private mutating func release() -> [Step] {
        var steps: [Step] = []
        var changed = true
        while changed {
            changed = false
            for task in order where machines[task]?.phase == .waiting {
                guard let input = isStopping ? .cancelled : readiness(of: task), input != .needsEnded || hasRoom(for: task),
                    let command = machines[task]?.handle(input)
                else { continue }
                steps.append(Step(task: task, command: command))
                changed = true
            }
        }
        return steps
    }

    private func hasRoom(for task: TaskID) -> Bool {
        let busy = machines.filter { $0.value.phase.isBusy }.keys
        return alone.contains(task) ? busy.isEmpty : alone.isDisjoint(with: busy)
    }

    private func readiness(of task: TaskID) -> TaskMachine.Input? {
        var allEnded = true
        for need in needs[task] ?? [] {
            switch outcome(of: need) {
            case .succeeded, .satisfied: continue
            case .cancelled: return .cancelled
            case .failed, .blocked, .waiting, .unavailable: return .needFailed(need)
            case nil: allEnded = false
            }
        }
        return allEnded ? .needsEnded : nil
    }
}
