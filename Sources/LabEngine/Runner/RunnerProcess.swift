import Dispatch
import Glibc

/// The runner: a process of its own that carries out one run and writes its journal.
package enum RunnerProcess {
    /// Carries out the request at `path`; returns the exit code.
    package static func main(requestPath path: String, environment: [String: String], version: String) async -> Int32 {
        guard let request = try? RunRequest(path: path), let workspace = try? Workspace(root: request.workspace) else { return 3 }
        let folder = workspace.run(request.run)
        guard let journal = try? JournalWriter(folder) else { return 3 }
        let began = wallClock()
        do {
            let lock = try WorkspaceLock(workspace, run: request.run)
            defer { withExtendedLifetime(lock) {} }
            let session = RunSession(
                request: request, workspace: workspace, journal: journal, environment: environment, version: version)
            return finish(journal, began, await session.carryOut())
        } catch {
            return finish(journal, began, .blocked(LabError(describing: error)))
        }
    }

    private static func finish(_ journal: JournalWriter, _ began: Double, _ result: RunSession.Result) -> Int32 {
        let exitCode = result.exitCode
        let end = RunFinished(outcome: result.outcome, exitCode: exitCode, seconds: wallClock() - began, error: result.error)
        journal.append(.runFinished(end))
        return exitCode
    }
}

/// One run from its request to its result.
struct RunSession: Sendable {
    let request: RunRequest
    let workspace: Workspace
    let journal: JournalWriter
    let environment: [String: String]
    let version: String

    struct Result: Sendable {
        var outcome: RunFinished.Outcome
        var error: LabError?

        static func blocked(_ error: LabError) -> Result { Result(outcome: .blocked, error: error) }

        var exitCode: Int32 {
            switch outcome {
            case .succeeded: 0
            case .cancelled: 130
            case .failed: error.map { max(1, $0.exitStatus) } ?? 1
            case .blocked: error?.exitStatus ?? 3
            }
        }
    }

    func carryOut() async -> Result {
        do {
            let raw = try LabSpecLoader.spec(path: request.labFile)
            let history = RunHistory(workspace, lab: raw.id, living: request.run)
            let requested = try LabGraph(raw).select(request.selection)
            announce(raw, requested)
            let http = CurlHTTPClient.shared
            let found = try await EngineFinder.find(http: http, environment: environment)
            journal.append(.engineConnected(found.event))
            let device = try await DeviceChooser(docker: found.docker).choose(request.options.device)
            journal.append(.deviceChosen(device))
            let context = try RunContext(
                filling: raw, docker: found.docker, workspace: workspace, run: request.run, options: request.options,
                device: device.device, environment: environment, journal: journal)
            tellInterruption(history)
            return await carryOut(requested, context, history)
        } catch {
            return .blocked(LabError(describing: error))
        }
    }

    private func announce(_ spec: LabSpec, _ requested: [TaskID]) {
        let asked = Set(requested)
        let tasks = LabGraph(spec).closure(of: asked).compactMap { spec.task($0) }.map { task in
            let quick = request.options.quick ? task.expectedQuickSeconds : nil
            return PlannedTask(
                id: task.id, title: task.title, expectedSeconds: quick ?? task.expectedSeconds, needed: !asked.contains(task.id))
        }
        journal.append(
            .runStarted(
                RunStarted(
                    run: request.run, lab: spec.id, labFile: request.labFile, version: version, pid: getpid(),
                    selection: request.selection, options: request.options, tasks: tasks)))
    }

    private func tellInterruption(_ history: RunHistory) {
        guard let interrupted = history.interrupted else { return }
        let names = interrupted.tasks.map(\.description).joined(separator: ", ")
        journal.append(
            .notice(
                Notice(
                    level: .warning, code: "run.interrupted",
                    text: Text(
                        en: "Run \(interrupted.run) ended without a word while \(names.isEmpty ? "nothing" : names) was at work: its "
                            + "process was killed or the machine went down. What still runs is taken over, the rest is done again.",
                        zh: "运行 \(interrupted.run) 在执行 \(names.isEmpty ? "（无任务）" : names) 时意外中断：进程被杀或机器关机。"
                            + "仍在运行的会被接管，其余会重新执行。"))))
    }

    private func carryOut(_ requested: [TaskID], _ context: RunContext, _ history: RunHistory) async -> Result {
        let runner = Runner(context, history: history)
        let cancelled = Locked(false)
        let signals = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                cancelled.withLock { $0 = true }
                runner.cancel()
            }
            source.activate()
            return source
        }
        let ticker = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(33))
                journal.flushDue()
            }
        }
        let outcomes = await runner.carryOut(requested)
        ticker.cancel()
        signals.forEach { $0.cancel() }
        if cancelled.withLock({ $0 }) { return Result(outcome: .cancelled) }
        if let failure = journal.failure { return .blocked(failure) }
        let isWell = requested.allSatisfy { outcomes[$0] == .succeeded || outcomes[$0] == .satisfied }
        return Result(outcome: isWell ? .succeeded : .failed, error: isWell ? nil : firstFailure)
    }

    /// The first task's failure decides the exit code: an environment that blocks is told from a step that went wrong.
    private var firstFailure: LabError? {
        for event in JournalReader.events(of: workspace.run(request.run)) {
            if case .taskFinished(let end) = event.payload, end.outcome == .failed { return end.error }
        }
        return nil
    }
}
