import ContainerEngine
package import LabFile
import LabSupport

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
        let own = await task.action.runnable.look(in: run, fingerprint: fingerprint, record: progress.records[task.id])
        if let own { return own }
        let image = (try? await task.action.runnable.imageMade(in: run)) ?? nil
        var results: [CheckResult] = []
        var isLive = true
        var obstacle: LabError?
        for (index, check) in task.checks.enumerated() {
            let record = success?.checks.dropFirst(index).first { $0.kind == check.subject.kind }
            let (result, reason) = await look(check, task.id, lenient: lenient, record: record)
            results.append(result)
            obstacle = obstacle ?? reason
            if result.standing != .passed { isLive = false }
        }
        let holds = results.allSatisfy { $0.standing != .failed }
        // Only the record can say that it was done if there are no checks, or if they only look for the absence of things.
        let isDone = holds && (success != nil || task.checks.contains { !$0.subject.isAbsence })
        // A run that found a task done by hand recorded it, and it's still done by hand.
        let isRecorded = success != nil && progress.records[task.id]?.isByHand != true
        var isByHand = isDone && task.action.hasResult && (image?.isByHand(recorded: isRecorded) ?? !isRecorded)
        if isByHand, await isStandIn(task) { isByHand = false }
        return TaskLook(checks: results, isLive: isLive && isDone, isDone: isDone, isByHand: isByHand, obstacle: obstacle)
    }

    /// True if the task gets an image that ailab made, here or in another workspace: nobody made that by hand.
    private func isStandIn(_ task: LabTask) async -> Bool {
        guard case .image(let action) = task.action, let image = run.spec.image(action.name),
            let labels = try? await run.docker.imageIfPresent(image.tag)?.config.labels
        else { return false }
        return labels[Label.workspace] != nil
    }

    private func look(
        _ check: LabCheck, _ task: TaskID, lenient: Bool, record: CheckResult?
    ) async -> (result: CheckResult, obstacle: LabError?) {
        let kind = check.subject.kind
        if let until = check.until, lenient, progress.ended(task, by: until) {
            let found = Text(en: "held until \(until) ended it", zh: "在 \(until) 结束它之前一直成立")
            return (CheckResult(kind: kind, standing: .past, wanted: record?.wanted ?? Text(verbatim: kind), found: found), nil)
        }
        if case .output = check.subject, let record, record.standing == .passed {
            // A program's output can't be checked again. The journal has the results from that time.
            return (record, nil)
        }
        return await CheckEvaluator(run: run) { tell($0) }.judge(check)
    }

    /// A look records nothing but that it waits for the engine.
    private func tell(_ payload: EventPayload) {
        if case .notice = payload { run.append(payload) }
    }
}
