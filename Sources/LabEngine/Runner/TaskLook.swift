package import LabSupport

/// Whether a task is done, according to a look at the machine and the journals.
package struct TaskLook: Sendable, Equatable {
    /// The results of its checks, in their order.
    package var checks: [CheckResult]
    /// All its results exist now, so tasks that need it can start.
    package var isLive: Bool
    /// It doesn't need to run again, unless another task needs it.
    package var isDone: Bool
    /// It's done, but no run recorded it: someone did it by hand, in another terminal.
    package var isByHand: Bool
    /// It was done, but with other inputs than now.
    package var isOutdated = false
    /// Why nothing could be seen: no engine answered. The look then says nothing about the task, and what the journals say stays true.
    package var obstacle: LabError?
    /// What a run that relies on it should say.
    package var notices: [Notice] = []

    /// The same as an event. `record` is what the journals say about the task. Nil if nothing could be seen.
    package func verdict(_ record: TaskRecord?) -> Looked.Verdict? {
        if obstacle != nil { return nil }
        if isOutdated { return .changed }
        if isDone { return isByHand ? .byHand : .done }
        return record?.success != nil || record?.standing != nil ? .gone : .open
    }
}
