import ContainerEngine
package import LabFile
import LabSupport

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

    /// The same as an event. `record` is what the journals say about the task.
    package func verdict(_ record: TaskRecord?) -> Looked.Verdict {
        if isOutdated { return .changed }
        if isDone { return isByHand ? .byHand : .done }
        return record?.success != nil || record?.standing != nil ? .gone : .open
    }
}

/// Looks at tasks.
package struct TaskLooker: Sendable {
    let run: RunContext
    let progress: LabProgress

    package init(_ run: RunContext, _ progress: LabProgress) {
        self.run = run
        self.progress = progress
    }

    /// Looks at one task. `fingerprint` is what its result would have now. `past` results count only if `lenient`.
    package func look(_ task: LabTask, fingerprint: String, lenient: Bool) async -> TaskLook {
        let success = progress.success(of: task.id)
        if let success, success.fingerprint != fingerprint {
            return TaskLook(checks: [], isLive: false, isDone: false, isByHand: false, isOutdated: true)
        }
        let own = await task.action.runnable.look(in: run, fingerprint: fingerprint, isRecorded: success != nil)
        if let own { return own }
        let image = (try? await task.action.runnable.imageMade(in: run)) ?? nil
        var results: [CheckResult] = []
        var isLive = true
        for (index, check) in task.checks.enumerated() {
            let record = success?.checks.dropFirst(index).first { $0.kind == check.subject.kind }
            let result = await look(check, task.id, lenient: lenient, record: record)
            results.append(result)
            if result.standing != .passed { isLive = false }
        }
        let holds = results.allSatisfy { $0.standing != .failed }
        // Without checks, only the record can say that it was done.
        let isDone = holds && (success != nil || !task.checks.isEmpty)
        let isByHand = isDone && task.action.hasResult && (image?.isByHand(recorded: success != nil) ?? (success == nil))
        return TaskLook(checks: results, isLive: isLive && isDone, isDone: isDone, isByHand: isByHand)
    }

    private func look(_ check: LabCheck, _ task: TaskID, lenient: Bool, record: CheckResult?) async -> CheckResult {
        let kind = check.subject.kind
        if let until = check.until, lenient, progress.ended(task, by: until) {
            return CheckResult(
                kind: kind, standing: .past, wanted: record?.wanted ?? Text(verbatim: kind),
                found: Text(en: "held until \(until) ended it", zh: "在 \(until) 结束它之前一直成立"))
        }
        if case .output = check.subject, let record, record.standing == .passed {
            // A program's output can't be checked again. The journal has the results from that time.
            return record
        }
        return await CheckEvaluator(run: run).evaluate(check)
    }
}

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
