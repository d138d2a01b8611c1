package import LabFile
package import LabSupport

/// The life of one task within a run, as a value: inputs in, commands out, no effects.
///
///     waiting ──needsEnded──▶ looking ──satisfied──────────────▶ ended(satisfied)
///        │                      │ not satisfied
///        │ a need failed        ▼
///        ▼                    acting ──acted──▶ checking ──▶ ended(succeeded | failed)
///     ended(blocked)            │ failed, waiting for the student, cancelled
///                               ▼
///                             ended(failed | waiting | cancelled)
package struct TaskMachine: Sendable, Equatable {
    package enum Phase: Sendable, Equatable {
        case waiting
        case looking
        case acting
        case checking
        case ended(TaskFinished.Outcome)
    }

    package enum Input: Sendable, Equatable {
        /// Every task that this one needs has ended well.
        case needsEnded
        case needFailed(TaskID)
        /// The machine was looked at before anything was done.
        case looked(satisfied: Bool)
        case acted
        /// The action cannot go on without the student.
        case waitsForStudent(LabError)
        case failed(LabError)
        case checked(failure: LabError?)
        case cancelled
    }

    package enum Command: Sendable, Equatable {
        case look
        case act
        case check
        case finish(TaskFinished.Outcome, error: LabError?, blockedBy: TaskID?)
    }

    package private(set) var phase = Phase.waiting
    /// Looking first is pointless: it was asked for by force, or a look at the start said no.
    package let actsAtOnce: Bool

    package init(actsAtOnce: Bool) { self.actsAtOnce = actsAtOnce }

    /// Takes one input; an input that makes no sense in the present phase changes nothing.
    package mutating func handle(_ input: Input) -> Command? {
        switch (phase, input) {
        case (.ended, _): return nil
        case (_, .cancelled): return end(.cancelled)
        case (.waiting, .needFailed(let task)): return end(.blocked, blockedBy: task)
        case (.waiting, .needsEnded):
            phase = actsAtOnce ? .acting : .looking
            return actsAtOnce ? .act : .look
        case (.looking, .looked(satisfied: true)): return end(.satisfied)
        case (.looking, .looked(satisfied: false)):
            phase = .acting
            return .act
        case (.acting, .acted):
            phase = .checking
            return .check
        case (.acting, .waitsForStudent(let error)): return end(.waiting, error: error)
        case (.checking, .checked(let failure)): return end(failure == nil ? .succeeded : .failed, error: failure)
        case (_, .failed(let error)): return end(.failed, error: error)
        default: return nil
        }
    }

    private mutating func end(_ outcome: TaskFinished.Outcome, error: LabError? = nil, blockedBy: TaskID? = nil) -> Command {
        phase = .ended(outcome)
        return .finish(outcome, error: error, blockedBy: blockedBy)
    }
}

/// All tasks of a run: hands each its inputs when the tasks before it have ended.
package struct RunMachine: Sendable, Equatable {
    /// A command and the task it is for.
    package struct Step: Sendable, Equatable {
        package var task: TaskID
        package var command: TaskMachine.Command
    }

    package private(set) var machines: [TaskID: TaskMachine] = [:]
    /// Nothing begins any more.
    package private(set) var isStopping = false
    private let needs: [TaskID: [TaskID]]
    private let order: [TaskID]

    /// `needs` are restricted to the tasks of the plan: the others were found done.
    package init(plan: [TaskID], needs: [TaskID: [TaskID]], actsAtOnce: Set<TaskID>) {
        order = plan
        let planned = Set(plan)
        self.needs = Dictionary(uniqueKeysWithValues: plan.map { ($0, (needs[$0] ?? []).filter(planned.contains)) })
        for task in plan { machines[task] = TaskMachine(actsAtOnce: actsAtOnce.contains(task)) }
    }

    /// What can begin now.
    package mutating func start() -> [Step] { release() }

    /// Passes an input to a task and collects everything that follows from it.
    package mutating func handle(_ task: TaskID, _ input: TaskMachine.Input) -> [Step] {
        guard let command = machines[task]?.handle(input) else { return [] }
        if case .finish = command { return [Step(task: task, command: command)] + release() }
        // An answer that was under way when the run was stopped must not begin anything.
        return isStopping ? handle(task, .cancelled) : [Step(task: task, command: command)]
    }

    /// Stops the run: tasks that nobody works on end here, those at work (`busy`) end with their answer.
    package mutating func stop(busy: Set<TaskID>) -> [Step] {
        isStopping = true
        return order.filter { !busy.contains($0) }.flatMap { handle($0, .cancelled) }
    }

    package var isFinished: Bool { machines.values.allSatisfy { if case .ended = $0.phase { true } else { false } } }

    package func outcome(of task: TaskID) -> TaskFinished.Outcome? {
        if case .ended(let outcome)? = machines[task]?.phase { outcome } else { nil }
    }

    /// A blocked task blocks those behind it, so this goes round until nothing changes.
    private mutating func release() -> [Step] {
        var steps: [Step] = []
        var changed = true
        while changed {
            changed = false
            for task in order where machines[task]?.phase == .waiting {
                guard let input = isStopping ? .cancelled : readiness(of: task), let command = machines[task]?.handle(input) else {
                    continue
                }
                steps.append(Step(task: task, command: command))
                changed = true
            }
        }
        return steps
    }

    private func readiness(of task: TaskID) -> TaskMachine.Input? {
        var allEnded = true
        for need in needs[task] ?? [] {
            switch outcome(of: need) {
            case .succeeded, .satisfied: continue
            case .cancelled: return .cancelled
            case .failed, .blocked, .waiting: return .needFailed(need)
            case nil: allEnded = false
            }
        }
        return allEnded ? .needsEnded : nil
    }
}
