import LabFile
import LabRunner
import LabSupport

/// Updates the model from the journals, the engine and the machine.
package enum LabUpdate {
    package static func update(_ model: inout AppModel, _ event: AppEvent) -> [AppEffect] {
        switch event {
        case .labLoaded(let spec, let files): return loaded(spec, files, &model)
        case .labFailed(let error): model.lab.failure = error
        case .prepared(let spec, let commands):
            model.lab.spec = spec
            model.lab.commands = commands
            return WalkthroughUpdate.showFiles(&model)
        case .journal(let run, let events): return journal(run, events, &model)
        case .workspaceJournal(let events): model.lab.progress.apply(events)
        case .runClosed(let run): return closed(run, &model)
        case .historyRead: return historyRead(&model)
        case .engine(let status): return engine(status, &model)
        case .host(let host): model.lab.host = host
        case .outputRead(let answer): return LogUpdate.read(answer, &model)
        case .launched: break
        case .looked(let task, let checks, let isDone): looked(task, !checks.isEmpty, isDone, &model)
        case .diagnosed(let task, let run, let findings): model.lab.findings[task] = (run, findings)
        case .examined(let result): DoctorUpdate.came(result, &model)
        case .examinationEnded: model.lab.doctor.isRunning = false
        case .fileExamined(let file): return FileUpdate.examined(file, &model)
        case .fileRead(let path, let content): model.lab.files[path] = content
        case .pictureRead(let path, let picture): model.lab.pictures[path] = picture
        case .telemetry(let samples): TelemetryUpdate.take(samples, &model)
        case .said(let text): model.tell(text)
        case .failed(let error): failed(error, &model)
        case .removable(let task, let objects): TaskUpdate.found(objects, of: task, &model)
        case .cleanable(let objects): FinaleUpdate.found(objects, &model)
        case .glossaryRead(let glossary): model.lab.glossary = glossary
        case .commandWordsRead(let words): model.lab.commandWords = words
        case .settingsWeighed(let draft, let tasks): SettingsUpdate.weighed(draft, tasks, &model)
        case .demoEnded:
            model.lab.progress.closeRun()
            model.tell(.demoOver)
            return [.stopClock]
        case .terminalReturned(let error): return returned(error, &model)
        case .pathsFound(let typed, let paths): PictureUpdate.found(paths, typed, &model)
        case .predicted(let question, let answer): PictureUpdate.answered(question, answer, &model)
        // The app reacts to these itself.
        case .key, .pasted, .mouse, .resized, .background, .ticked, .framePaced, .boxSettled, .terminated: break
        }
        return []
    }

    private static func loaded(_ spec: LabSpec, _ files: String, _ model: inout AppModel) -> [AppEffect] {
        model.lab.spec = spec
        model.lab.progress = LabProgress(spec)
        model.lab.filesFolder = files
        model.lab.failure = nil
        let isReachable = if case .reachable = model.lab.engine { true } else { false }
        return [.watchWorkspace(lab: spec.id), .watchFiles(asksEngine: isReachable)] + (model.lab.engine == .unknown ? [] : [.prepare])
    }

    private static func journal(_ run: Int, _ events: [Event], _ model: inout AppModel) -> [AppEffect] {
        let wasAlive = model.lab.livingRun?.number
        model.lab.progress.apply(events, of: run)
        model.lab.isLaunching = false
        guard model.lab.hasHistory else { return [] }
        if model.message?.text == Text.launching { model.message = nil }
        var effects = follow(&model)
        if let alive = model.lab.livingRun, wasAlive != alive.number {
            effects += [.startClock]
            // While the next run is active, the reason why the last one failed is out of date.
            if model.walkthrough.tab == .diagnosis { model.walkthrough.tab = .output }
        }
        offerShell(&model)
        if case .runFinished(let end)? = events.last?.payload { effects += ended(run, end, &model) }
        return effects + LogUpdate.pull(&model)
    }

    /// Selects the task that is running, until the student selects another one.
    private static func follow(_ model: inout AppModel) -> [AppEffect] {
        guard model.walkthrough.followsRun, let task = model.lab.progress.working.last, task != model.walkthrough.selected else {
            return []
        }
        if let selected = model.walkthrough.selected, model.lab.progress.working.contains(selected) { return [] }
        return WalkthroughUpdate.select(task, &model, byRun: true)
    }

    private static func offerShell(_ model: inout AppModel) {
        model.overlays.removeAll { if case .shell(let task, _) = $0 { model.lab.progress.records[task]?.shell == nil } else { false } }
        guard let run = model.lab.livingRun, run.start.options.terminal else { return }
        for task in model.lab.progress.working {
            guard let shell = model.lab.progress.records[task]?.shell, !model.overlays.contains(.shell(task, shell)),
                !model.walkthrough.declinedShells.contains(task)
            else { continue }
            // It waits below whatever the student is doing now.
            model.overlays.insert(.shell(task, shell), at: 0)
        }
    }

    private static func ended(_ run: Int, _ end: RunFinished, _ model: inout AppModel) -> [AppEffect] {
        model.lab.cancelling = nil
        let next = model.lab.nextLaunch
        model.lab.nextLaunch = nil
        model.walkthrough.declinedShells = []
        model.message = Message(
            text: Phrase.ended(run, end.outcome, end.seconds), isFailure: end.outcome == .failed || end.outcome == .blocked)
        if end.outcome == .failed || end.outcome == .blocked, let failed = model.lab.progress.firstFailure(of: run) {
            let effects = model.walkthrough.followsRun ? WalkthroughUpdate.select(failed, &model, byRun: true) : []
            // A file shows its mistakes itself.
            let isFile = model.walkthrough.selected.flatMap { model.lab.spec?.task($0)?.studentFile } != nil
            model.walkthrough.tab = isFile ? .output : .diagnosis
            model.walkthrough.showsText = false
            model.walkthrough.tabOffset = 0
            return effects + WalkthroughUpdate.diagnose(failed, model) + [.readHost, .stopClock, .prepare] + FileUpdate.begun(model)
        }
        // What failed before has worked now, so there is nothing left to explain.
        if model.walkthrough.tab == .diagnosis, CureUpdate.findings(model).isEmpty { model.walkthrough.tab = .output }
        let finale = FinaleUpdate.ended(&model)
        if end.outcome == .succeeded { AccountUpdate.ended(&model) }
        // The run may have had other settings than the one before, and the commands name them.
        let effects = [.readHost, .stopClock, .prepare] + FileUpdate.begun(model) + WalkthroughUpdate.showFiles(&model) + finale
        return effects + (next.map { TaskUpdate.start($0, &model) } ?? [])
    }

    private static func closed(_ run: Int, _ model: inout AppModel) -> [AppEffect] {
        guard model.lab.progress.run?.number == run, model.lab.progress.run?.end == nil else { return [] }
        model.lab.progress.closeRun()
        model.lab.cancelling = nil
        model.lab.nextLaunch = nil
        model.lab.isLaunching = false
        if model.lab.hasHistory { model.tell(Text.runLost, isFailure: true) }
        return [.stopClock] + FileUpdate.begun(model)
    }

    private static func historyRead(_ model: inout AppModel) -> [AppEffect] {
        model.lab.hasHistory = true
        model.walkthrough.wasComplete = model.lab.tally.isComplete
        AccountUpdate.begun(&model)
        var effects: [AppEffect] = model.lab.livingRun == nil ? [] : [.startClock]
        let working = model.lab.progress.working.last
        let next = model.lab.spec?.tasks.first { !model.lab.state(of: $0.id).isSettled }
        if let task = working ?? next?.id ?? model.lab.spec?.tasks.first?.id {
            effects += WalkthroughUpdate.select(task, &model, byRun: true)
        }
        offerShell(&model)
        return effects + FileUpdate.begun(model)
    }

    private static func engine(_ status: EngineStatus, _ model: inout AppModel) -> [AppEffect] {
        let isFirst = model.lab.engine == .unknown
        model.lab.engine = status
        if case .unreachable = status, isFirst, model.lab.spec != nil { return [.prepare] }
        // The device, and so the equal command lines, is known only after an engine answers. So is the builder of the student's files.
        if case .reachable = status, model.lab.commands.isEmpty, model.lab.spec != nil { return [.prepare, .watchFiles(asksEngine: true)] }
        return []
    }

    private static func looked(_ task: TaskID, _ hasChecks: Bool, _ isDone: Bool, _ model: inout AppModel) {
        guard task == model.walkthrough.selected else { return }
        // A file shows itself what is missing.
        if let file = model.lab.spec?.task(task)?.studentFile {
            if isDone { model.tell(FileWords.done(file.path, task)) } else if model.message?.text == .looking { model.message = nil }
            return
        }
        if hasChecks { model.walkthrough.tab = .checks }
        model.tell(isDone ? .looksDone : .looksOpen)
    }

    private static func failed(_ error: LabError, _ model: inout AppModel) {
        model.lab.isLaunching = false
        model.tell(error.message.followed(by: error.hint), isFailure: true)
    }

    private static func returned(_ error: LabError?, _ model: inout AppModel) -> [AppEffect] {
        if let error { failed(error, &model) }
        guard error == nil, let id = model.walkthrough.selected, let task = model.lab.spec?.task(id), task.studentFile != nil else {
            return []
        }
        // What was written is shown, with its mistakes.
        model.walkthrough.tab = .output
        model.walkthrough.showsText = false
        return model.lab.livingRun == nil ? [.look(id)] : []
    }
}
