import LabFile
import LabSupport

/// The state of a run. Only the runner's loop changes it.
struct RunState {
    private var machine: RunMachine
    private var prints: Fingerprints
    private var contexts: [TaskID: TaskContext] = [:]
    /// On a clock that nobody sets.
    private var began: [TaskID: ContinuousClock.Instant] = [:]
    private var jobs: [TaskID: Task<Void, Never>] = [:]
    /// How the tasks ended, in that order.
    private(set) var endings: [Runner.Ending] = []

    init(machine: RunMachine, prints: Fingerprints) {
        self.machine = machine
        self.prints = prints
    }

    /// True if all tasks have ended and no job is running.
    var isFinished: Bool { machine.isFinished && jobs.isEmpty }

    mutating func begin(by runner: Runner) { perform(machine.start(), by: runner) }

    mutating func take(_ task: TaskID, _ input: TaskMachine.Input, by runner: Runner) {
        jobs[task] = nil
        perform(machine.handle(task, input), by: runner)
    }

    /// Stops the run. Running tasks are cancelled, and answer after they have cleaned up. The others end here.
    mutating func stop(by runner: Runner) {
        for job in jobs.values { job.cancel() }
        perform(machine.stop(busy: Set(jobs.keys)), by: runner)
    }

    private mutating func perform(_ steps: [RunMachine.Step], by runner: Runner) {
        for step in steps { perform(step, by: runner) }
    }

    private mutating func perform(_ step: RunMachine.Step, by runner: Runner) {
        let id = step.task
        guard let task = runner.run.spec.task(id) else { return }
        switch step.command {
        case .look:
            let print = prints.look(id)
            jobs[id] = Task { await runner.look(task, print) }
        case .act:
            let context = TaskContext(
                run: runner.run, task: task, fingerprint: prints.act(id), abandonedBy: runner.progress.abandoned(id),
                problem: prints.problem(of: id))
            contexts[id] = context
            began[id] = .now
            jobs[id] = Task { await runner.act(context) }
        case .check:
            guard let context = contexts[id] else { return }
            jobs[id] = Task { await runner.check(context) }
        case .finish(let outcome, let error, let blockedBy):
            finish(id, outcome, error, blockedBy, runner.run)
        }
    }

    private mutating func finish(
        _ id: TaskID, _ outcome: TaskFinished.Outcome, _ error: LabError?, _ blockedBy: TaskID?, _ run: RunContext
    ) {
        let seconds = began[id].map { $0.duration(to: .now) / .seconds(1) } ?? 0
        let end = TaskFinished(outcome: outcome, seconds: seconds, fingerprint: prints.of(id), error: error, blockedBy: blockedBy)
        run.append(.taskFinished(end), task: id)
        endings.append(Runner.Ending(task: id, outcome: outcome, error: error))
        contexts[id] = nil
    }
}
