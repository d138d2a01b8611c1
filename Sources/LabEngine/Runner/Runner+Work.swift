import LabFile
import LabSupport

/// The work of child tasks for one task of a run. Each answers exactly once.
extension Runner {
    func look(_ task: LabTask, _ fingerprint: String) async {
        var result = await TaskLooker(run, progress).look(task, fingerprint: fingerprint, lenient: false)
        if result.obstacle != nil, !Task.isCancelled {
            // Finished work isn't done again only because the engine is away for a moment.
            _ = try? await run.engine.outlast { run.append($0, task: task.id) }
            result = await TaskLooker(run, progress).look(task, fingerprint: fingerprint, lenient: false)
        }
        if Task.isCancelled { return answer(task.id, .cancelled) }
        if result.isLive {
            for check in result.checks { run.append(.check(check), task: task.id) }
            for notice in result.notices { run.append(.notice(notice), task: task.id) }
        }
        answer(task.id, .looked(satisfied: result.isLive))
    }

    func act(_ context: TaskContext) async {
        await context.begin()
        do {
            try Task.checkCancellation()
            if let problem = context.problem { throw problem }
            try await context.performThroughAbsences()
            answer(context.task.id, Task.isCancelled ? .cancelled : .acted)
        } catch let waits as WaitsForStudent {
            for finding in waits.findings { context.emit(.finding(finding)) }
            answer(context.task.id, .waitsForStudent(waits.reason))
        } catch let reason as NotOnThisMachine {
            answer(context.task.id, .unavailable(reason.reason))
        } catch let fault as DockerfileFault {
            for finding in fault.findings { context.emit(.finding(finding)) }
            answer(context.task.id, .failed(fault.reason))
        } catch {
            if Task.isCancelled || error is CancellationError { return answer(context.task.id, .cancelled) }
            let failure = LabError(describing: error, at: run.engine.endpoint)
            await context.diagnose(failure)
            answer(context.task.id, .failed(failure))
        }
    }

    func check(_ context: TaskContext) async {
        var results = await judge(context)
        if !Task.isCancelled, context.mayLackOutput(results.map(\.result)) {
            do {
                try await context.startOver()
                results = await judge(context)
            } catch {
                if Task.isCancelled { return answer(context.task.id, .cancelled) }
                let failure = LabError(describing: error, at: run.engine.endpoint)
                await context.diagnose(failure)
                return answer(context.task.id, .failed(failure))
            }
        }
        for (result, _) in results { context.emit(.check(result)) }
        let failed = results.first { $0.result.standing == .failed }
        let failure = failed.map { $0.obstacle ?? LabError(failed: $0.result) }
        if let failure, !Task.isCancelled { await context.diagnose(failure) }
        answer(context.task.id, Task.isCancelled ? .cancelled : .checked(failure: failure))
    }

    private func judge(_ context: TaskContext) async -> [(result: CheckResult, obstacle: LabError?)] {
        let text = context.transcript.withLock { $0.text }
        let evaluator = CheckEvaluator(run: run, transcript: text) { context.emit($0) }
        var results: [(result: CheckResult, obstacle: LabError?)] = []
        for check in context.task.checks {
            let judged = await evaluator.judge(check)
            if Task.isCancelled { break }
            results.append(judged)
        }
        return results
    }
}

extension LabError {
    /// The error of a task whose action succeeded and whose check failed.
    init(failed check: CheckResult) {
        let nearest = check.nearest
        self.init(
            codeText: "check.\(check.kind)",
            Text(
                en: "Wanted \(check.wanted.en); found: \(check.found.en)" + (nearest.map { " (\($0.en))" } ?? "") + ".",
                zh: "期望\(check.wanted.zh)；实际：\(check.found.zh)" + (nearest.map { "（\($0.zh)）" } ?? "") + "。"),
            hint: check.advice)
    }
}
