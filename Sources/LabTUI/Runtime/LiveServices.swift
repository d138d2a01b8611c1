import ContainerEngine
import Doctor
import HostFacts
package import LabEngine
import LabFile
package import LabRunner
import LabSupport

/// The services that act on the real machine.
package struct LiveServices: Sendable {
    let workspace: Workspace
    let labFile: String
    private let labWords: [String]
    /// The version of ailab, for the files that it writes.
    let version: String
    /// The settings of the command line. They count until the student saves others.
    let settings: Locked<RunSettings>
    private let outputs: OutputReader
    /// The environment variables, changed by the applied cures.
    let surroundings: Locked<[String: String]>
    /// The lab as it was read. Every use fills its variables in again.
    private let spec = Locked<LabSpec?>(nil)

    /// `labWords` mean this lab in another command.
    package init(
        workspace: Workspace, labFile: String, labWords: [String] = [], settings: RunSettings, environment: [String: String],
        version: String
    ) {
        self.workspace = workspace
        self.labFile = labFile
        self.labWords = labWords
        self.settings = Locked(settings)
        outputs = OutputReader(workspace)
        self.version = version
        surroundings = Locked(environment)
    }

    private var environment: [String: String] { surroundings.withLock { $0 } }

    /// The lab on the screen. Until it was read, there is nothing to do with it.
    func opened() throws -> OpenedLab {
        guard let spec = spec.withLock({ $0 }) else { throw NotRead() }
        return OpenedLab(workspace, file: labFile, spec: spec, environment: environment)
    }

    private struct NotRead: Error {}

    /// Performs one effect.
    package func perform(_ effect: AppEffect, _ send: @escaping Services.Send) async {
        do {
            switch effect {
            case .loadLab: try load(send)
            case .watchWorkspace(let lab): await WorkspaceWatch(workspace, lab: lab).run(send)
            case .watchEngine: await watchEngine(send)
            case .readHost: send(.host(summary))
            case .watchFiles(let asksEngine): try await watchFiles(asksEngine, send)
            case .prepare: await prepare(send)
            case .readOutput(let request): send(.outputRead(outputs.read(request)))
            case .launch(let selection, let auto, let force): try launch(selection, auto, force, send)
            case .cancelRun(let run, let atOnce): Stop(workspace).ask(run: run, atOnce: atOnce)
            case .look(let task): try await look(task, send)
            case .readFile(let file): send(.fileRead(path: file.shown, content: file.content))
            case .readPicture(let file): send(.pictureRead(path: file.shown, file.picture))
            case .saveOutput(let request): try save(request, send)
            case .diagnose(let request, let failure): diagnose(request, failure, send)
            case .doctor(let size): await examine(size, send)
            case .findRemovable(let task): try await findRemovable(task, send)
            case .reset(let tasks): try await reset(tasks, send)
            case .findCleanable: try await findCleanable(send)
            case .skip(let task, let isSkipped): try opened().skip(task, isSkipped: isSkipped)
            case .cure(let task, let cause, let remedy): try await cure(task, cause, remedy, send)
            case .report(let language, let offset): try report(language, offset, send)
            case .answer(let task, let answer): try opened().answer(answer, of: task)
            case .openHint(let task, let hint): try opened().open(hint, of: task)
            case .readGlossary: send(.glossaryRead(try opened().glossary()))
            case .readCommandWords: send(.commandWordsRead(try opened().explainedCommands()))
            case .weighSettings(let draft): send(.settingsWeighed(draft, outdated: try await opened().outdated(by: draft)))
            case .saveSettings(let settings): try await save(settings, send)
            case .savePreferences(let language, let theme):
                try Preferences(language: language, theme: theme.rawValue).save(workspace: workspace.root)
            case .findPaths(let typed): findPaths(typed, send)
            case .predict(let question):
                let answer = await predict(question)
                // Another question took its place.
                if !Task.isCancelled { send(.predicted(question, answer)) }
            case .startClock: await clock(send)
            case .startTelemetry:
                await Measurement.batches(
                    workspace, spec.withLock { $0 }, recordedLimit: TelemetryHistory.capacity, environment: environment
                ) { send(.telemetry($0)) }
            case .settleBox, .stopClock, .stopTelemetry, .terminal, .quit: break
            }
        } catch is NotRead {
            return
        } catch {
            send(effect == .loadLab ? .labFailed(LabError(describing: error)) : .failed(LabError(describing: error)))
        }
    }

    private func load(_ send: Services.Send) throws {
        let read = try OpenedLab(workspace, file: labFile, environment: environment).spec
        spec.withLock { $0 = read }
        send(.labLoaded(read, files: workspace.files(lab: read.id)))
    }

    private func watchEngine(_ send: Services.Send) async {
        await EngineWatch { environment }.run { news in
            switch news {
            case .reachable(let engine): send(.engine(.reachable(engine)))
            case .unreachable(let error): send(.engine(.unreachable(error)))
            }
        }
    }

    private var summary: HostSummary {
        let gpus = NVIDIAFacts.read(root: .machine).devices
        return HostSummary(
            freeBytes: DiskSpace.read(folder: workspace.root).value.map { Double($0.free) }, gpus: gpus.value ?? [])
    }

    private func watchFiles(_ asksEngine: Bool, _ send: Services.Send) async throws {
        let lab = try opened()
        let options = try asked()
        var watch = asksEngine ? try? await StudentFileWatch(lab, options: options, asksEngine: true) : nil
        if watch == nil { watch = try await StudentFileWatch(lab, options: options, asksEngine: false) }
        await watch?.follow { send(.fileExamined($0)) }
    }

    private func inspection(isAuto: Bool? = nil) async throws -> LabInspection {
        let lab = try opened()
        let progress = lab.progress
        var options = asked(progress)
        if let isAuto { options.auto = isAuto }
        return try await lab.inspection(progress, options: options)
    }

    /// The last run's options, because they decide what counts as done. The settings that the student asked for now take precedence.
    private func asked(_ progress: LabProgress) -> RunOptions {
        var options = settings.withLock { $0 }.applied(to: progress.options)
        // A person agreed to both for one run, not for those after it.
        options.force = false
        options.useReference = nil
        return options
    }

    /// The same for the lab on the screen.
    func asked() throws -> RunOptions { asked(try opened().progress) }

    /// Only an engine knows the device, so without one the texts assume none, and the commands stay unknown.
    func prepare(_ send: Services.Send) async {
        // What the student types next is theirs, even if the last run was unattended.
        guard let inspection = try? await inspection(isAuto: false) else { return }
        guard (try? await inspection.run.docker) != nil else { return send(.prepared(inspection.run.spec, commands: [:])) }
        let commands = await Equivalent(inspection.run).commands(of: inspection.run.spec.tasks)
        send(.prepared(inspection.run.spec, commands: commands))
    }

    private func launch(_ selection: String, _ auto: Bool, _ force: Bool, _ send: Services.Send) throws {
        // A cure may have changed the options of the last run. They stay in effect.
        var options = try asked()
        options.auto = auto
        options.force = force
        let run = try opened().launch(selection, launching(options))
        run.release()
        send(.launched(run: run.folder.number))
    }

    /// The options of a run that starts here: the terminal is the screen's, except for a shell.
    func launching(_ options: RunOptions) -> RunOptions {
        var options = options
        options.terminal = !options.auto
        options.typed = ShellWord.line(options.words + labWords)
        return options
    }

    private func look(_ task: TaskID, _ send: Services.Send) async throws {
        let inspection = try await inspection()
        let (verdicts, failure) = await inspection.verdicts(on: [task])
        try await inspection.record(verdicts)
        if let failure { throw failure }
        for verdict in verdicts { send(.looked(task, verdict.checks, isDone: verdict.state.isDone || verdict.isReading)) }
    }

    private func diagnose(_ request: OutputRequest, _ failure: LabError?, _ send: Services.Send) {
        let bytes = outputs.read(request).bytes.flatMap(\.self)
        let findings = OutputDiagnosis.findings(in: bytes, failure: failure)
        send(.diagnosed(request.task, run: request.run, findings))
    }

    /// Sends each result when it arrives, so that the first one is visible at once.
    private func examine(_ size: Size, _ send: Services.Send) async {
        let examination = Examination(
            environment: environment, home: workspace.root, lab: spec.withLock { $0 },
            options: (try? asked()) ?? settings.withLock { $0 }.applied(to: RunOptions()),
            terminal: DoctorScene.Terminal(columns: size.columns, rows: size.rows))
        for await result in examination.results() { send(.examined(result)) }
        send(.examinationEnded)
    }

    private func save(_ request: OutputRequest, _ send: Services.Send) throws {
        let answer = outputs.read(request)
        let path = "\(workspace.root)/work/output-\(request.task)-run\(request.run).txt"
        try Files.write(answer.bytes.flatMap(\.self), to: path)
        send(.said(Text(en: "Saved to \(path).", zh: "已保存到 \(path)。")))
    }

    private func findRemovable(_ task: TaskID, _ send: Services.Send) async throws {
        let reset = try await LabReset(opened(), [task], options: asked())
        send(.removable(task, reset.objects))
        if let unseen = reset.unseen { send(.said(unseen.message.followed(by: unseen.hint))) }
    }

    private func reset(_ tasks: [TaskID], _ send: Services.Send) async throws {
        let reset = try await LabReset(opened(), tasks, options: asked())
        let outcome = try await reset.perform()
        if let reason = outcome.left.first?.reason ?? reset.unseen { throw reason }
        let names = Text.words(tasks.map(\.description))
        send(.said(Text(en: "Reset: \(names.en).", zh: "已重置：\(names.zh)。")))
    }

    private func findCleanable(_ send: Services.Send) async throws {
        let cleaning = try await WorkspaceCleaning(workspace, environment: environment, onlyLooks: true)
        send(.cleanable(cleaning.objects))
        if let unseen = cleaning.unseen { send(.said(unseen.message.followed(by: unseen.hint))) }
    }

    /// Writes the report for people into the student's folder of the lab, and says where.
    private func report(_ language: Language, _ utcOffset: Int, _ send: Services.Send) throws {
        let written = try opened().writeReport(language, utcOffset: utcOffset, version: version)
        let names = written.names
        send(
            .said(
                Text(
                    en: "Written: \(names.joined(separator: " and ")) in \(written.folder).",
                    zh: "报告已写入 \(written.folder)：\(names.joined(separator: "、"))。")))
    }

    /// A visit to a container's shell, on the engine of the run that opened it. Nil if the container has ended.
    package func shell(_ container: String) async throws -> ShellVisit? {
        let engine = try opened().activeEngine
        return try await ShellVisit.open(container: container, engine: engine, environment: environment)
    }

    private func clock(_ send: Services.Send) async {
        while !Task.isCancelled {
            send(.ticked(wallClock()))
            try? await Task.sleep(for: .seconds(1), tolerance: .milliseconds(50))
        }
    }
}
