import LabRunner
import LabSupport

/// The loop: it takes events, updates the model and paints the frame. It's generic over the screen, so that tests run whole sessions
/// without a terminal.
package struct ScreenLoop<S: Screen> {
    private let screen: S
    private let mailbox: Mailbox<AppEvent>
    private let services: Services
    private var runner: EffectRunner<AppEvent>
    private var painted: CellBuffer?
    private var drawer = FrameDrawer()
    private var lastPaint = ContinuousClock.now
    private var isFrameDue = false
    private var isQuitting = false
    /// What the first frame doesn't show. It begins after that frame, which would come later if it had to share the processor. Nil from then on.
    private var postponed: [AppEffect]? = []
    /// The minimum time between two frames, except after a key. A flood's events come a little more slowly (`DockerClient.followDelivery`), so
    /// that each is painted when it comes, without a timer.
    private static var pace: Duration { .milliseconds(28) }
    /// How long a person takes to see that a box has opened.
    private static var reactionTime: Duration { .milliseconds(700) }

    package init(screen: S, mailbox: Mailbox<AppEvent>, services: Services) {
        self.screen = screen
        self.mailbox = mailbox
        self.services = services
        runner = EffectRunner { mailbox.send($0) }
    }

    /// Runs until the student quits. Returns the last model.
    package mutating func run(_ model: AppModel) async throws -> AppModel {
        var model = model
        // These effects start before the terminal is opened, so that both run at the same time.
        await start(AppUpdate.startEffects, &model)
        do {
            model.size = try await screen.open()
        } catch {
            await runner.cancelAll()
            throw error
        }
        // Reading the lab usually takes a few milliseconds, so the frame that says so isn't painted at once.
        lastPaint = .now
        await show(model, urgent: false)
        while !isQuitting {
            var urgent = false
            for event in await mailbox.nextBatch() {
                if event.isUrgent { urgent = true }
                if case .framePaced = event { isFrameDue = false }
                await take(event, &model)
                if isQuitting { break }
            }
            if isQuitting { break }
            await show(model, urgent: urgent)
            if painted != nil, let effects = postponed {
                postponed = nil
                await start(effects, &model)
                releaseStartCode()
            }
        }
        await screen.close()
        await runner.cancelAll()
        return model
    }

    /// Most of the code that a start needs isn't needed again. It's most of the resident memory of a program at rest.
    private mutating func releaseStartCode() {
        runner.start("memory") { _ in
            guard (try? await Task.sleep(for: .seconds(2))) != nil else { return }
            ProcessMemory.releaseCode()
        }
    }

    private mutating func take(_ event: AppEvent, _ model: inout AppModel) async {
        drawer.note(event)
        await start(AppUpdate.update(&model, event), &model)
    }

    /// Paints now, or as soon as the pace allows it.
    private mutating func show(_ model: AppModel, urgent: Bool) async {
        if isFrameDue, !urgent { return }
        let elapsed = ContinuousClock.now - lastPaint
        if urgent || elapsed >= Self.pace { return await paint(model) }
        isFrameDue = true
        let rest = Self.pace - elapsed
        runner.start("frame") { send in
            try? await Task.sleep(for: rest, tolerance: .milliseconds(2))
            send(.framePaced)
        }
    }

    private mutating func paint(_ model: AppModel) async {
        let frame = drawer.frame(of: model)
        // If nothing changed, don't write anything.
        guard frame != painted else { return }
        await screen.paint(frame)
        painted = frame
        lastPaint = .now
    }

    private mutating func start(_ effects: [AppEffect], _ model: inout AppModel) async {
        for effect in effects {
            if postponed != nil, effect.canWait {
                postponed?.append(effect)
                continue
            }
            switch effect {
            case .quit: isQuitting = true
            case .stopClock, .stopTelemetry: runner.cancel(effect.id)
            case .terminal(let request): await serve(request, &model)
            case .readOutput: await readOutput(effect, &model)
            case .settleBox:
                runner.start(effect.id) { send in
                    // A later box has a time of its own.
                    guard (try? await Task.sleep(for: Self.reactionTime)) != nil else { return }
                    send(.boxSettled)
                }
            case .loadLab, .watchWorkspace, .watchEngine, .readHost, .watchFiles, .prepare, .launch, .cancelRun, .look,
                .readFile, .readPicture, .saveOutput, .diagnose, .findRemovable, .reset, .findCleanable, .doctor, .cure, .report,
                .startTelemetry, .skip, .answer, .openHint, .readGlossary, .readCommandWords, .weighSettings, .saveSettings,
                .savePreferences, .findPaths, .predict, .startClock:
                let perform = services.perform
                runner.start(effect.id) { send in await perform(effect, send) }
            }
        }
    }

    /// Reads output at once: a read of a file takes less than a switch of threads, and the next frame shows what the event announced.
    private mutating func readOutput(_ effect: AppEffect, _ model: inout AppModel) async {
        let answers = Locked<[AppEvent]>([])
        await services.perform(effect) { answer in answers.withLock { $0.append(answer) } }
        for answer in answers.withLock({ $0 }) { await take(answer, &model) }
    }

    private mutating func serve(_ request: TerminalRequest, _ model: inout AppModel) async {
        switch request {
        case .copy(let text): await screen.copy(text)
        case .redraw: await screen.redraw(AppView.view(model))
        case .mouse(let isOn): await screen.setMouse(isOn)
        case .stop: await screen.stop()
        case .attach(let container):
            await lent { [services] _ in try await services.attach(container) }
        case .edit(let path, let template, let line):
            await lent { [services] screen in
                try services.prepareFile(path, template)
                try await screen.run(EditorCommand(services.editor).words(path, line: line))
            }
        }
    }

    private mutating func lent(_ body: (S) async throws -> Void) async {
        await screen.lend()
        var failure: LabError?
        do { try await body(screen) } catch { failure = LabError(describing: error) }
        await screen.takeBack()
        painted = nil
        mailbox.send(.terminalReturned(failure))
    }
}

extension AppEffect {
    /// Whether the first frame is complete without it.
    fileprivate var canWait: Bool {
        switch self {
        case .watchEngine, .readHost, .watchFiles, .prepare: true
        case .loadLab, .watchWorkspace, .launch, .cancelRun, .look, .readOutput, .readFile, .readPicture, .saveOutput, .diagnose,
            .findRemovable, .reset, .findCleanable, .doctor, .cure, .report, .startTelemetry, .stopTelemetry, .skip, .answer, .openHint,
            .readGlossary, .readCommandWords, .weighSettings, .saveSettings, .savePreferences, .findPaths, .predict, .startClock,
            .stopClock, .settleBox, .terminal, .quit:
            false
        }
    }
}

extension AppEvent {
    /// The answer to a key is painted at once, and so are the events that complete the first screen.
    fileprivate var isUrgent: Bool {
        switch self {
        case .key, .pasted, .mouse, .resized, .terminalReturned, .framePaced: true
        case .historyRead, .labFailed: true
        case .background, .ticked, .labLoaded, .journal, .workspaceJournal, .runClosed, .engine, .host, .prepared, .outputRead, .launched,
            .looked, .examined, .examinationEnded, .diagnosed, .fileRead, .fileExamined, .pictureRead, .telemetry, .said, .failed,
            .removable, .cleanable, .glossaryRead, .commandWordsRead, .settingsWeighed, .pathsFound, .predicted, .demoEnded, .boxSettled,
            .terminated:
            false
        }
    }
}
