package import LabFile
package import LabSupport

/// Runs the tasks of a run. It performs the effects that `RunMachine` decides.
///
/// Only one loop changes the machine. Everything else happens in child tasks, which answer with an input through the mailbox.
package struct Runner: Sendable {
    let run: RunContext
    let progress: LabProgress
    private let graph: LabGraph
    private let mailbox: AsyncStream<Message>
    private let post: AsyncStream<Message>.Continuation

    private enum Message: Sendable {
        case begin
        case input(TaskID, TaskMachine.Input)
        case cancelAll
    }

    /// How a task ended.
    package struct Ending: Sendable, Equatable {
        package var task: TaskID
        package var outcome: TaskFinished.Outcome
        package var error: LabError?
    }

    /// `progress` is the lab's state before this run.
    package init(_ run: RunContext, progress: LabProgress) {
        self.run = run
        self.progress = progress
        graph = LabGraph(run.spec)
        (mailbox, post) = AsyncStream.makeStream(of: Message.self)
    }

    /// Cancels everything that is running, and starts nothing else. It's safe from any thread, at any time.
    package func cancel() { post.yield(.cancelAll) }

    /// Runs the requested tasks and those that they need. Returns how each ended, in that order. If the task is cancelled, the run is
    /// cancelled, and this returns after everything has been cleaned up.
    package func perform(_ requested: [TaskID]) async -> [Ending] {
        var prints = Fingerprints(run, progress: progress)
        let closure = graph.closure(of: Set(requested))
        let now = Dictionary(uniqueKeysWithValues: closure.map { ($0, prints.of($0)) })
        // Fingerprints that weren't computed to the end would make everything look changed.
        guard !Task.isCancelled else { return cancelled(closure.filter(requested.contains)) }
        var looks = await look(at: closure, now)
        for task in closure { reportLoss(of: task, looks[task]) }
        // The machine may be ready for the checks of a task whose point is what it shows. Whoever asks for it the first time wants to see it.
        for task in requested where progress.success(of: task) == nil && run.spec.task(task)?.action.isToBeSeen == true {
            looks[task]?.isDone = false
            looks[task]?.isLive = false
        }
        let plan = RunPlan(requested: requested, graph: graph, looks: looks, force: run.options.force)
        for task in plan.done { report(task, looks[task], prints.of(task)) }
        // Earlier tasks that weren't requested are reported, too, if they don't need to run again.
        let others = Set(closure).subtracting(plan.done).subtracting(plan.toRun).filter { looks[$0]?.isDone == true }
        for task in others.sorted() { reportDone(task, prints.of(task)) }
        let needs = Dictionary(uniqueKeysWithValues: plan.toRun.map { ($0, graph.needs(of: $0)) })
        let forced = run.options.force ? Set(requested) : []
        // The first look said that these aren't done. Only tasks that depend on others are looked at again when it's their turn.
        // So are those of which the first look saw nothing.
        let atOnce = forced.union(plan.toRun.filter { looks[$0]?.isDone != true && looks[$0]?.obstacle == nil })
        let machine = RunMachine(
            plan: plan.toRun, needs: needs, actsAtOnce: atOnce,
            alone: Set(plan.toRun.filter { run.spec.task($0)?.action.runsAlone == true }))
        let state = RunState(machine: machine, prints: prints)
        // This is a separate task, because a mailbox delivers nothing after its reader is cancelled.
        let endings = await withTaskCancellationHandler {
            await Task { await drive(state) }.value
        } onCancel: {
            cancel()
        }
        return plan.done.map { Ending(task: $0, outcome: .satisfied) } + endings
    }

    /// Ends tasks that weren't even looked at.
    private func cancelled(_ tasks: [TaskID]) -> [Ending] {
        for task in tasks {
            run.append(.taskFinished(TaskFinished(outcome: .cancelled, seconds: 0, fingerprint: "")), task: task)
        }
        return tasks.map { Ending(task: $0, outcome: .cancelled) }
    }

    private func look(at tasks: [TaskID], _ prints: [TaskID: String]) async -> [TaskID: TaskLook] {
        let looker = TaskLooker(run, progress)
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

    /// Reports a task that the journals call done and the look doesn't. It's reported before the work starts, so that it stays true if the
    /// run never reaches the task.
    private func reportLoss(of task: TaskID, _ look: TaskLook?) {
        guard let look, !look.isDone, progress.state(of: task).isDone, let verdict = look.verdict(progress.records[task]) else { return }
        run.append(.looked(Looked(verdict, checks: look.checks.isEmpty ? nil : look.checks)), task: task)
    }

    private func report(_ task: TaskID, _ look: TaskLook?, _ fingerprint: String) {
        for result in look?.checks ?? [] { run.append(.check(result), task: task) }
        for notice in look?.notices ?? [] { run.append(.notice(notice), task: task) }
        if look?.isByHand == true {
            let text = Text(en: "Found done, but no run recorded it: done by hand.", zh: "检查时发现已完成，但没有运行记录：应为手动完成。")
            run.append(.notice(Notice(level: .info, code: "task.byHand", text: text)), task: task)
        }
        reportDone(task, fingerprint)
    }

    private func reportDone(_ task: TaskID, _ fingerprint: String) {
        let end = TaskFinished(outcome: .satisfied, seconds: 0, fingerprint: fingerprint)
        run.append(.taskFinished(end), task: task)
    }

    private func drive(_ state: RunState) async -> [Ending] {
        var state = state
        let watch = Task { await watchJournal() }
        defer { watch.cancel() }
        post.yield(.begin)
        for await message in mailbox {
            switch message {
            case .begin: state.begin(by: self)
            case .input(let task, let input): state.take(task, input, by: self)
            case .cancelAll: state.stop(by: self)
            }
            if state.isFinished { break }
        }
        return state.endings
    }

    /// Stops a run that can't be recorded, because it must not continue unseen.
    private func watchJournal() async {
        let journal = run.journal
        async let presence: Void = {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1), tolerance: .milliseconds(250))
                journal.checkPresence()
            }
        }()
        for await _ in journal.failures {
            cancel()
            break
        }
        await presence
    }

    func answer(_ task: TaskID, _ input: TaskMachine.Input) { post.yield(.input(task, input)) }
}

extension LabAction {
    /// What it leaves is in the journal only: facts about the machine, and answers of a model.
    fileprivate var isToBeSeen: Bool {
        if case .facts = self { return true }
        if case .predict = self { return true }
        return false
    }
}
