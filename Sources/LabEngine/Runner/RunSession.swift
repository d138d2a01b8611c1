import ContainerEngine
import Diagnosis
import Glibc
import HTTPTransport
import LabFile
import LabSupport
import Telemetry

/// One run from its request to its result.
struct RunSession: Sendable {
    let request: RunRequest
    let workspace: Workspace
    let journal: JournalWriter
    let environment: [String: String]
    let version: String

    /// How long an engine may be away before a run gives up. Docker's service is back within seconds, and a machine under load takes longer.
    private static let engineReturnTimeout: Duration = .seconds(60)

    func perform() async -> Result {
        do {
            let raw = try LabSpecLoader.specToRun(path: request.labFile)
            let progress = LabProgress(workspace, raw, before: request.run)
            let requested = try LabGraph(raw).select(request.selection)
            announce(raw, requested)
            let http = CurlHTTPClient.shared
            let engine = RunEngine(http: http, environment: environment, returnTimeout: Self.engineReturnTimeout) { [journal] in
                journal.append(.engineConnected($0))
            }
            let isNeeded = raw.needsEngine(requested)
            if isNeeded {
                do {
                    _ = try await find(engine)
                } catch let error as LabError where error.code == .engineRemote || error.code == .engineSSH {
                    // Nothing that is done here would be of use on the machine where the lab has to be done.
                    throw error
                } catch {
                    // If there is no engine, the tasks that need one fail.
                }
            }
            try Task.checkCancellation()
            let device = try await DeviceChooser(engine: isNeeded ? engine : nil).choose(request.options.device)
            journal.append(.deviceChosen(device))
            let context = try RunContext(
                filling: raw, engine: engine, http: http, workspace: workspace, run: request.run, options: request.options,
                device: device.device, gpus: device.gpus, environment: environment, journal: journal)
            tellInterruption(progress)
            for edit in StudentFiles(context.spec, workspace).edits(since: progress) { journal.append(.fileEdited(edit)) }
            let recording = record(context)
            let result = await perform(requested, context, progress)
            recording.cancel()
            // The recording's last samples are written before this process ends.
            await recording.value
            return result
        } catch {
            if Task.isCancelled || error is CancellationError { return Result(outcome: .cancelled) }
            let failure = LabError(describing: error)
            diagnose(failure)
            return .blocked(failure)
        }
    }

    /// Records what stopped the run before its first task.
    private func diagnose(_ failure: LabError) {
        let facts = RemedyFacts.read(environment: environment).with(["STEP": request.options.again(request.selection)])
        let context = DiagnosisContext(code: failure.code, places: ["host", "daemon"], facts: facts)
        let findings = Diagnosis.diagnose(output: failure.cause ?? failure.message.en, context: context)
        if let first = findings.first, first.cause != Finding.unknown { journal.append(.finding(first)) }
    }

    /// Measures how the run uses the machine. Each second, a sample goes to a file beside the journal.
    private func record(_ context: RunContext) -> Task<Void, Never> {
        let folder = workspace.run(request.run)
        let reader = Locked((journal: JournalReader(folder), telemetry: JournalTelemetry()))
        let lab = LabTelemetry(
            sender: "run \(request.run)", environment: environment, folder: workspace.root, serverPace: .seconds(10),
            spec: context.spec
        ) {
            reader.withLock { state in
                state.telemetry.take(state.journal.readNew())
                return TelemetryNews(training: state.telemetry.training, marks: state.telemetry.takeMarks())
            }
        }
        return Task.detached {
            guard let recorder = TelemetryRecorder(path: folder.telemetry) else { return }
            let board = RequestBoard(home: workspace.root)
            defer { board.withdraw() }
            for await sample in lab.sampler.samples() {
                board.post(sample.requests.filter { $0.sender == lab.sender })
                guard recorder.write(sample) else { return }
            }
        }
    }

    private func find(_ engine: RunEngine) async throws -> DockerClient {
        try await withTaskCancellationHandler {
            try await engine.client
        } onCancel: {
            engine.giveUp()
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
                    selection: request.selection, options: request.options, tasks: tasks,
                    labDigest: LabDigest.hex(of: request.labFile, spec.directory), studentValues: studentValues(spec))))
    }

    /// What the run uses as this student's values: the report tells whether they are.
    private func studentValues(_ spec: LabSpec) -> [String: String]? {
        let names = spec.variables.filter { $0.perStudent != nil }.map(\.name)
        guard !names.isEmpty else { return nil }
        let builtIns = BuiltIns.values(workspace, lab: spec, device: "cpu", environment: environment)
        let values = try? LabVariables.resolve(spec: spec, set: request.options.set, quick: request.options.quick, builtIns: builtIns)
        return values?.filter { names.contains($0.key) }
    }

    private func tellInterruption(_ progress: LabProgress) {
        guard let interrupted = progress.interrupted else { return }
        let names = Text.words(interrupted.tasks.map(\.description))
        journal.append(
            .notice(
                Notice(
                    level: .warning, code: "run.interrupted",
                    text: Text(
                        en: "Run \(interrupted.run) was interrupted while \(names.en.isEmpty ? "nothing" : names.en) was running: its "
                            + "process was killed or the machine went down. What's still running is continued, and the rest runs again.",
                        zh: "运行 \(interrupted.run) 在执行 \(names.zh.isEmpty ? "（无任务）" : names.zh) 时意外中断：进程被杀或机器关机。"
                            + "仍在运行的会被接管，其余会重新执行。"))))
    }

    private func perform(_ requested: [TaskID], _ context: RunContext, _ progress: LabProgress) async -> Result {
        let endings = await Runner(context, progress: progress).perform(requested)
        if let failure = journal.failure { return .blocked(failure) }
        if Task.isCancelled { return Result(outcome: .cancelled) }
        let chosen = request.selection.split(separator: ",").compactMap { TaskID(String($0.filter { !$0.isWhitespace })) }
        let judged = Result.Judged(requested: requested, endings: endings, spec: context.spec, chosen: Set(chosen))
        if !judged.homework.isEmpty { tellHomework(judged.homework) }
        return judged.result
    }

    private func tellHomework(_ tasks: [TaskID]) {
        let names = Text.words(tasks.map(\.description))
        journal.append(
            .notice(
                Notice(
                    level: .warning, code: "run.homework",
                    text: Text(
                        en: "Not done: \(names.en). That is homework: the rest of the lab doesn't need it, and the run counts as done.",
                        zh: "未完成：\(names.zh)。这是作业：实验的其余部分不依赖它，本次运行仍算完成。"))))
    }
}
