import Diagnosis
import Dispatch
import Doctor
import Glibc
import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI
import Telemetry

/// The walkthrough by lines, for screen readers, pipes and terminals that can do no more: nothing is redrawn and the cursor never moves;
/// every event is a line, and every question is answered with one. The same model, words and effects as the screen's.
struct LinearWalkthrough {
    /// What comes in.
    enum Input: Sendable {
        case event(AppEvent)
        case line(String)
        case endOfInput
    }

    private let services: Services
    private let mailbox: Mailbox<Input>
    private let folder: @Sendable (Int) -> RunFolder
    private var runner: EffectRunner<AppEvent>
    private var lines = LineReader()
    private var printers: [Int: PlainPrinter] = [:]
    private var isQuitting = false
    private var isAsked = false
    private var speaker: LinearSpeaker
    /// How many looks have come since numbers were asked for; nil where nobody asked.
    private var looks: Int?

    /// `folder`: where a run's output lies.
    init(services: Services, mailbox: Mailbox<Input>, folder: @escaping @Sendable (Int) -> RunFolder) {
        self.services = services
        self.mailbox = mailbox
        self.folder = folder
        runner = EffectRunner { mailbox.send(.event($0)) }
        speaker = LinearSpeaker()
    }

    /// Runs until the student leaves; returns the model as it was then.
    mutating func run(_ model: AppModel) async -> AppModel {
        var model = model
        let interrupts = Interrupts(on: [SIGINT], holding: .leavesIfHeldBefore) { [mailbox] _ in
            mailbox.send(.event(.key(.control("c"))))
        }
        defer { interrupts.stop() }
        await start(AppUpdate.startEffects, &model)
        while !isQuitting {
            for input in await mailbox.nextBatch() where !isQuitting { await take(input, &model) }
            prompt(model)
        }
        await runner.cancelAll()
        return model
    }

    private mutating func take(_ input: Input, _ model: inout AppModel) async {
        let before = model
        switch input {
        case .event(let event):
            let effects = AppUpdate.update(&model, event)
            tell(event, before, model)
            await start(effects, &model)
            // A line means nothing before the lab and what was done of it are known.
            if case .historyRead = event { lines.ask(mailbox) }
        case .line(let line):
            isAsked = false
            let answer = LinearCommand(line, model).perform(&model)
            say(answer.lines)
            changed(before, model, isOwn: true)
            await start(answer.effects, &model)
            lines.ask(mailbox)
        case .endOfInput:
            // A demo from a pipe is shown to its end.
            if model.settings.demoSpeed == nil || Console.inputIsTerminal { isQuitting = true }
        }
    }

    private mutating func start(_ effects: [AppEffect], _ model: inout AppModel) async {
        for effect in effects {
            if effect == .startTelemetry { looks = 0 }
            switch effect {
            case .quit: isQuitting = true
            // Nothing here shows time as it passes.
            case .startClock, .stopClock: break
            // A line is typed only after the question was read.
            case .settleBox: _ = AppUpdate.update(&model, .boxSettled)
            case .terminal(let request): await serve(request, &model)
            default:
                let perform = services.perform
                runner.start(effect.id) { send in await perform(effect, send) }
            }
        }
    }

    private mutating func serve(_ request: TerminalRequest, _ model: inout AppModel) async {
        var failure: LabError?
        do {
            switch request {
            case .attach(let container): try await services.attach(container)
            case .edit(let path, let template, let line):
                try services.prepareFile(path, template)
                try ForegroundProgram.run(EditorCommand(services.editor).words(path, line: line))
            case .stop: raise(SIGTSTP)
            case .copy, .redraw, .mouse: return
            }
        } catch {
            failure = LabError(describing: error)
        }
        await take(.event(.terminalReturned(failure)), &model)
    }

    private mutating func tell(_ event: AppEvent, _ before: AppModel, _ model: AppModel) {
        switch event {
        case .historyRead: return say(speaker.greeting(model))
        case .labFailed(let error):
            endPrompt()
            ErrorPrinter.print(error)
            isQuitting = true
        case .journal(let run, let events) where model.lab.hasHistory: show(events, run, model)
        case .workspaceJournal(let events) where model.lab.hasHistory: show(events)
        case .engine(let status) where status != before.lab.engine: say(speaker.engine(status, was: before.lab.engine))
        case .fileExamined(let file) where model.lab.hasHistory:
            let task = model.walkthrough.selected.flatMap { model.lab.spec?.task($0) }
            if task?.studentFile?.path == file.path { say(speaker.file(file, model)) }
        // A file's own lines say more than its checks.
        case .looked(let task, _, _) where model.lab.spec?.task(task)?.studentFile != nil: break
        case .looked(_, let checks, _): checks.forEach { say(speaker.words.check($0)) }
        case .diagnosed(_, _, let findings) where findings.contains { $0.cause != Finding.unknown }:
            endPrompt()
            FindingPrinter(language: Console.language).show(findings)
        case .examinationEnded:
            let report = DoctorReport(model.lab.doctor.results, lab: model.lab.spec?.id)
            say(DoctorPrinter(report, spec: model.lab.spec).lines)
        case .telemetry(let samples): measured(samples)
        case .predicted(_, let answer): predicted(answer, model)
        case .demoEnded where !Console.inputIsTerminal: isQuitting = true
        default: break
        }
        // What a run does is told by its own events.
        if case .journal = event { return changed(before, model, isOwn: false, saysMessage: false) }
        changed(before, model, isOwn: false)
    }

    private mutating func predicted(_ answer: PictureAnswer, _ model: AppModel) {
        switch answer {
        case .prediction(let prediction, _):
            say(prediction.top.map { "  \($0.label)\(speaker.words.colon)\(ShownNumber.percent(share: $0.probability))" })
        case .failure(let error):
            endPrompt()
            ErrorPrinter.print(error)
        }
    }

    /// Tells the numbers once, when those that are rates have settled, and measures no longer. What a run recorded may come before.
    private mutating func measured(_ samples: [TelemetrySample]) {
        guard let count = looks, let sample = samples.last else { return }
        looks = count + 1
        guard count + 1 >= Self.settled else { return }
        looks = nil
        runner.cancel(AppEffect.startTelemetry.id)
        say(TelemetryText(sample, Console.language).lines(columns: TopScreen.columns))
    }

    /// A recorded look, and three of now: rates need two, and the second comes a moment after the first.
    private static let settled = 4

    /// What happened outside of runs.
    private mutating func show(_ events: [Event]) {
        endPrompt()
        var printer = PlainPrinter(folder: folder(WorkspaceLock.noRun), plain: true)
        for event in events { printer.show(event) }
    }

    private mutating func show(_ events: [Event], _ run: Int, _ model: AppModel) {
        guard !events.isEmpty else { return }
        endPrompt()
        var printer = printers.removeValue(forKey: run) ?? PlainPrinter(folder: folder(run), plain: true)
        for event in events { printer.show(event) }
        printers[run] = printer
        guard case .runFinished? = events.last?.payload else { return }
        say(speaker.expectation(model))
        if let task = model.walkthrough.selected.flatMap({ model.lab.spec?.task($0) }) {
            say(speaker.choices(task, model))
        }
    }

    /// What an event or an answer changed that is to be told.
    private mutating func changed(_ before: AppModel, _ model: AppModel, isOwn: Bool, saysMessage: Bool = true) {
        if saysMessage, let message = model.message, message != before.message { say(model.say(message.text)) }
        for overlay in model.overlays where !before.overlays.contains(overlay) { say(speaker.question(overlay, model)) }
        if model.walkthrough.selected != before.walkthrough.selected, model.lab.hasHistory, isOwn || model.lab.livingRun == nil {
            say(speaker.task(model))
        }
    }

    private mutating func say(_ line: String) {
        endPrompt()
        Console.output(line, marksLinks: true)
    }

    private mutating func say(_ lines: [String]) {
        for line in lines { say(line) }
    }

    private mutating func endPrompt() {
        if isAsked { Console.write("\n", to: STDOUT_FILENO) }
        isAsked = false
    }

    /// Asks for the next line if nothing runs, or if a question waits for an answer.
    private mutating func prompt(_ model: AppModel) {
        let isBusy = model.lab.livingRun != nil || model.lab.isLaunching
        guard !isQuitting, !isAsked, model.lab.hasHistory, Console.inputIsTerminal, !isBusy || !model.overlays.isEmpty else { return }
        Console.write(speaker.prompt(model), to: STDOUT_FILENO)
        isAsked = true
    }
}

/// Reads one line whenever it is asked to, so that nothing is taken from another program that reads the terminal meanwhile.
private struct LineReader {
    private let queue = DispatchQueue(label: "ailab.lines")

    func ask(_ mailbox: Mailbox<LinearWalkthrough.Input>) {
        queue.async {
            if let line = Console.line() { mailbox.send(.line(line)) } else { mailbox.send(.endOfInput) }
        }
    }
}
