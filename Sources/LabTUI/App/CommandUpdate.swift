import LabRunner
import LabSupport

/// Performs commands from keys and the palette. It only dispatches.
package enum CommandUpdate {
    package static func perform(_ command: Command, _ model: inout AppModel) -> [AppEffect] {
        if model.settings.demoSpeed != nil, command.acts(in: model) {
            model.tell(.demoOnly)
            return []
        }
        return switch command {
        case .help: open(.help(offset: 0), &model)
        case .palette: open(.palette(Palette()), &model)
        case .list: open(.steps(selection: OverlayUpdate.index(of: model.walkthrough.selected, model)), &model)
        case .account: AccountUpdate.open(nil, &model)
        case .glossary: GlossaryUpdate.open("", &model)
        case .commandWords: CommandWordsUpdate.open(&model)
        case .settings: SettingsUpdate.open(&model)
        case .predict: PictureUpdate.open(&model)
        case .close: [.quit]
        case .interrupt: interrupt(&model)
        case .stop: [.terminal(.stop)]
        case .redraw: [.terminal(.redraw)]
        case .language: language(&model)
        case .theme: theme(&model)
        case .mouse: mouse(&model)
        case .move(let movement): WalkthroughScroll.move(movement, &model)
        case .nextPane: WalkthroughUpdate.pane(1, &model)
        case .previousPane: WalkthroughUpdate.pane(-1, &model)
        case .previousTab: WalkthroughUpdate.tab(-1, &model)
        case .nextTab: WalkthroughUpdate.tab(1, &model)
        case .step(let number): WalkthroughUpdate.step(number, &model)
        case .nextTask: WalkthroughUpdate.neighbour(1, &model)
        case .previousTask: WalkthroughUpdate.neighbour(-1, &model)
        case .back: WalkthroughUpdate.back(&model)
        case .zoom: zoom(&model)
        case .primary: TaskUpdate.onSelected(&model, TaskUpdate.primary)
        case .run: TaskUpdate.onSelected(&model, TaskUpdate.run)
        case .auto: TaskUpdate.onSelected(&model, TaskUpdate.auto)
        case .verify: TaskUpdate.onSelected(&model, TaskUpdate.verify)
        case .edit: TaskUpdate.onSelected(&model, TaskUpdate.edit)
        case .hint: TaskUpdate.onSelected(&model, HintUpdate.next)
        case .skip: TaskUpdate.onSelected(&model, TaskUpdate.skip)
        case .reset: TaskUpdate.onSelected(&model, TaskUpdate.reset)
        case .cure: TaskUpdate.onSelected(&model, TaskUpdate.cure)
        case .allCures: WalkthroughUpdate.allCures(&model)
        case .doctor: WalkthroughUpdate.doctor(&model)
        case .telemetry: WalkthroughUpdate.show(.telemetry, &model)
        case .output: WalkthroughUpdate.show(.output, &model)
        case .report: report(&model)
        case .wrap: OutputUpdate.wrap(&model)
        case .unfold: OutputUpdate.unfold(&model)
        case .time: OutputUpdate.time(&model)
        case .follow: OutputUpdate.follow(&model)
        case .search: OutputUpdate.search(&model)
        case .filter: OutputUpdate.askFilter(&model)
        case .findNext: find(forward: true, &model)
        case .findPrevious: find(forward: false, &model)
        case .copyCommand: OutputUpdate.copyCommand(&model)
        case .copyOutput: OutputUpdate.copyOutput(&model)
        case .save: OutputUpdate.save(&model)
        }
    }

    /// Starts the doctor for a view that shows the results itself.
    package static func examine(_ model: inout AppModel) -> [AppEffect] { DoctorUpdate.begin(&model) }

    private static func open(_ overlay: Overlay, _ model: inout AppModel) -> [AppEffect] {
        model.overlays.append(overlay)
        return []
    }

    private static func interrupt(_ model: inout AppModel) -> [AppEffect] {
        guard let run = model.lab.livingRun, model.settings.demoSpeed == nil else { return [.quit] }
        let again = model.lab.cancelling == run.number
        model.lab.cancelling = run.number
        model.tell(again ? .killing : .cancelling)
        return [.cancelRun(run: run.number, atOnce: again)]
    }

    private static func language(_ model: inout AppModel) -> [AppEffect] {
        model.settings.language = model.settings.language == .en ? .zh : .en
        return []
    }

    private static func theme(_ model: inout AppModel) -> [AppEffect] {
        model.settings.look.theme = model.settings.look.theme.next
        model.tell(Phrase.theme(model.settings.look.theme))
        return []
    }

    private static func mouse(_ model: inout AppModel) -> [AppEffect] {
        model.settings.usesMouse.toggle()
        model.tell(model.settings.usesMouse ? .mouseOn : .mouseOff)
        return [.terminal(.mouse(model.settings.usesMouse))]
    }

    private static func zoom(_ model: inout AppModel) -> [AppEffect] {
        model.walkthrough.isZoomed.toggle()
        return []
    }

    private static func report(_ model: inout AppModel) -> [AppEffect] {
        model.tell(.reporting)
        return [.report(model.settings.language, utcOffset: model.settings.utcOffset)]
    }

    private static func find(forward: Bool, _ model: inout AppModel) -> [AppEffect] {
        OutputUpdate.find(forward: forward, &model)
        return []
    }
}

extension Command {
    /// True if it does more than show something.
    fileprivate func acts(in model: AppModel) -> Bool {
        switch self {
        case .run, .auto, .verify, .edit, .skip, .reset, .save, .cure, .report, .settings, .predict: true
        case .primary:
            model.walkthrough.selected.map {
                switch model.lab.state(of: $0) {
                case .running, .done, .read: false
                case .open, .blocked, .waiting, .noLonger, .failed, .cancelled, .interrupted, .skipped, .unavailable: true
                }
            } ?? false
        case .help, .close, .back, .move, .nextPane, .previousPane, .step, .previousTab, .nextTab, .hint, .nextTask, .previousTask, .doctor,
            .telemetry, .output, .copyCommand, .copyOutput, .wrap, .unfold, .time, .follow, .zoom, .mouse, .redraw, .interrupt, .stop,
            .allCures, .language, .theme, .list, .palette, .search, .findNext, .findPrevious, .filter, .account, .glossary, .commandWords:
            false
        }
    }
}
