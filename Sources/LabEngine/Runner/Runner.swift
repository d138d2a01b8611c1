/// Carries out the tasks of a run: the effects around `RunMachine`.
///
/// One loop owns the machine; everything else happens in child tasks that answer with an input through the mailbox.
package struct Runner: Sendable {
    private let run: RunContext
    private let history: RunHistory
    private let graph: LabGraph
    private let mailbox: AsyncStream<Message>
    private let post: AsyncStream<Message>.Continuation

    private enum Message: Sendable {
        case input(TaskID, TaskMachine.Input)
        case cancelAll
    }

    package init(_ run: RunContext, history: RunHistory) {
        self.run = run
        self.history = history
        graph = LabGraph(run.spec)
        (mailbox, post) = AsyncStream.makeStream(of: Message.self)
    }

    /// Ends everything that is at work and begins nothing new; safe from any thread, at any time.
    package func cancel() { post.yield(.cancelAll) }

    /// Carries out the requested tasks and what they need. Returns how each ended.
    package func carryOut(_ requested: [TaskID]) async -> [TaskID: TaskFinished.Outcome] {
        var fingerprints = Fingerprints(run)
        let closure = graph.closure(of: Set(requested))
        let prints = Dictionary(uniqueKeysWithValues: closure.map { ($0, fingerprints.of($0)) })
        let looks = await look(at: closure, prints)
        let plan = RunPlan(requested: requested, graph: graph, looks: looks, force: run.options.force)
        for task in plan.done { report(task, looks[task], prints[task] ?? "") }
        let needs = Dictionary(uniqueKeysWithValues: plan.toRun.map { ($0, graph.needs(of: $0)) })
        let forced = run.options.force ? Set(requested) : []
        // The first look said no, so only tasks behind others are looked at again when their turn comes.
        let atOnce = forced.union(plan.toRun.filter { looks[$0]?.isDone != true })
        let machine = RunMachine(plan: plan.toRun, needs: needs, actsAtOnce: atOnce)
        var outcomes = await drive(machine, plan.toRun, prints)
        for task in plan.done { outcomes[task] = .satisfied }
        return outcomes
    }

    private func look(at tasks: [TaskID], _ prints: [TaskID: String]) async -> [TaskID: TaskLook] {
        let looker = TaskLooker(run, history)
        return await withTaskGroup(of: (TaskID, TaskLook?).self) { group in
            for id in tasks {
                group.addTask {
                    guard let task = run.spec.task(id) else { return (id, nil) }
                    return (id, await looker.look(task, fingerprint: prints[id] ?? "", lenient: true))
                }
            }
            var looks: [TaskID: TaskLook] = [:]
            for await (id, look) in group { looks[id] = look }
            return looks
        }
    }

    private func report(_ task: TaskID, _ look: TaskLook?, _ fingerprint: String) {
        for result in look?.checks ?? [] { run.journal.append(.check(result), task: task) }
        if look?.isByHand == true {
            let text = Text(en: "Found done, without a record here: done by hand.", zh: "检查时发现已完成，但这里没有记录：应为手动完成。")
            run.journal.append(.notice(Notice(level: .info, code: "task.byHand", text: text)), task: task)
        }
        let end = TaskFinished(outcome: .satisfied, seconds: 0, fingerprint: fingerprint)
        run.journal.append(.taskFinished(end), task: task)
    }

    private func drive(
        _ machine: RunMachine, _ plan: [TaskID], _ prints: [TaskID: String]
    ) async -> [TaskID: TaskFinished.Outcome] {
        var state = Driving(machine: machine, prints: prints)
        state.perform(state.machine.start(), by: self)
        if !state.machine.isFinished {
            for await message in mailbox {
                switch message {
                case .input(let task, let input):
                    state.jobs[task] = nil
                    state.perform(state.machine.handle(task, input), by: self)
                case .cancelAll: state.cancel(plan, by: self)
                }
                if let failure = run.journal.failure, !state.isStopping {
                    // A run that can no longer be recorded must not go on unseen.
                    _ = failure
                    state.cancel(plan, by: self)
                }
                if state.machine.isFinished, state.jobs.isEmpty { break }
            }
        }
        return Dictionary(uniqueKeysWithValues: plan.compactMap { id in state.machine.outcome(of: id).map { (id, $0) } })
    }

    /// What changes while a run goes on.
    private struct Driving {
        var machine: RunMachine
        let prints: [TaskID: String]
        var contexts: [TaskID: TaskContext] = [:]
        var began: [TaskID: Double] = [:]
        var jobs: [TaskID: Task<Void, Never>] = [:]
        var isStopping = false

        mutating func perform(_ steps: [RunMachine.Step], by runner: Runner) {
            for step in steps { perform(step, by: runner) }
        }

        private mutating func perform(_ step: RunMachine.Step, by runner: Runner) {
            let id = step.task
            guard let task = runner.run.spec.task(id) else { return }
            let print = prints[id] ?? ""
            switch step.command {
            case .look:
                jobs[id] = Task { await runner.look(task, print) }
            case .act:
                let context = TaskContext(run: runner.run, task: task, fingerprint: print)
                contexts[id] = context
                began[id] = wallClock()
                context.begin()
                jobs[id] = Task { await runner.act(context) }
            case .check:
                guard let context = contexts[id] else { return }
                jobs[id] = Task { await runner.check(context) }
            case .finish(let outcome, let error, let blockedBy):
                let seconds = began[id].map { wallClock() - $0 } ?? 0
                let end = TaskFinished(outcome: outcome, seconds: seconds, fingerprint: print, error: error, blockedBy: blockedBy)
                runner.run.journal.append(.taskFinished(end), task: id)
                contexts[id] = nil
            }
        }

        /// Tasks at work are cancelled and answer when they have cleaned up; the others end here.
        mutating func cancel(_ plan: [TaskID], by runner: Runner) {
            isStopping = true
            for job in jobs.values { job.cancel() }
            for task in plan where jobs[task] == nil { perform(machine.handle(task, .cancelled), by: runner) }
        }
    }

    private func look(_ task: LabTask, _ fingerprint: String) async {
        let result = await TaskLooker(run, history).look(task, fingerprint: fingerprint, lenient: false)
        if Task.isCancelled { return answer(task.id, .cancelled) }
        if result.isLive { for check in result.checks { run.journal.append(.check(check), task: task.id) } }
        answer(task.id, .looked(satisfied: result.isLive))
    }

    private func act(_ context: TaskContext) async {
        do {
            try await context.perform()
            answer(context.task.id, Task.isCancelled ? .cancelled : .acted)
        } catch let waits as WaitsForStudent {
            answer(context.task.id, .waitsForStudent(waits.reason))
        } catch {
            let cancelled = Task.isCancelled || error is CancellationError
            answer(context.task.id, cancelled ? .cancelled : .failed(LabError(describing: error)))
        }
    }

    private func check(_ context: TaskContext) async {
        let text = context.transcript.withLock { $0.text }
        let evaluator = CheckEvaluator(run: run, transcript: text) { context.emit($0) }
        var failure: LabError?
        for check in context.task.checks {
            let result = await evaluator.evaluate(check)
            context.emit(.check(result))
            if result.standing == .failed, failure == nil { failure = LabError(failed: result) }
        }
        answer(context.task.id, Task.isCancelled ? .cancelled : .checked(failure: failure))
    }

    private func answer(_ task: TaskID, _ input: TaskMachine.Input) { post.yield(.input(task, input)) }
}

extension LabError {
    /// The failure of a task whose action went well and whose check did not.
    init(failed check: CheckResult) {
        let nearest = check.nearest
        self.init(
            "check.\(check.kind)",
            Text(
                en: "Wanted \(check.wanted.en); found: \(check.found.en)" + (nearest.map { " (\($0.en))" } ?? "") + ".",
                zh: "期望\(check.wanted.zh)；实际：\(check.found.zh)" + (nearest.map { "（\($0.zh)）" } ?? "") + "。"),
            hint: check.advice)
    }

    init(_ code: String, _ message: Text, hint: Text?) { self.init(Code(rawValue: code), message, hint: hint) }
}
