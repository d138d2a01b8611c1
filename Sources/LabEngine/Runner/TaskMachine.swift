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
///                             ended(failed | waiting | unavailable | cancelled)
package struct TaskMachine: Sendable, Equatable {
    package enum Phase: Sendable, Equatable {
        case waiting
        case looking
        case acting
        case checking
        case ended(TaskFinished.Outcome)

        /// The machine works on it.
        var isBusy: Bool {
            switch self {
            case .waiting, .ended: false
            case .looking, .acting, .checking: true
            }
        }
    }

    package enum Input: Sendable, Equatable {
        /// All tasks that this one needs have succeeded.
        case needsEnded
        case needFailed(TaskID)
        /// The machine was looked at before the action.
        case looked(satisfied: Bool)
        case acted
        /// The action can't continue without the student.
        case waitsForStudent(LabError)
        /// This machine can't do it.
        case unavailable(LabError)
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
    /// It doesn't need a look first: either it's forced, or a look at the start said that it isn't done.
    package let actsAtOnce: Bool

    package init(actsAtOnce: Bool) { self.actsAtOnce = actsAtOnce }

    /// Applies one input. An input that makes no sense in the current phase changes nothing.
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
        case (.acting, .unavailable(let error)): return end(.unavailable, error: error)
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
