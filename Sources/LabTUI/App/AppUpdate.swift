import LabRunner
import LabSupport

/// `(model, event) → model, effects`. It only dispatches: the screens and overlays decide what happens.
package enum AppUpdate {
    /// The effects that start before the first event.
    package static let startEffects: [AppEffect] = [.loadLab, .watchEngine, .readHost]

    package static func update(_ model: inout AppModel, _ event: AppEvent) -> [AppEffect] {
        let effects = dispatch(&model, event)
        return effects + TelemetryUpdate.follow(&model)
    }

    private static func dispatch(_ model: inout AppModel, _ event: AppEvent) -> [AppEffect] {
        switch event {
        case .key(let key): pressed(key, &model)
        case .pasted(let text): pasted(text, &model)
        case .mouse(let mouse): WalkthroughUpdate.mouse(mouse, &model)
        case .resized(let size): resized(size, &model)
        case .ticked(let time): ticked(time, &model)
        case .background(let isLight): background(isLight, &model)
        case .terminated: [.quit]
        default: LabUpdate.update(&model, event)
        }
    }

    private static func pressed(_ key: Key, _ model: inout AppModel) -> [AppEffect] {
        model.message = nil
        if !model.overlays.isEmpty, let effects = OverlayUpdate.pressed(key, &model) { return effects }
        let situation = Situation(model)
        guard let command = model.settings.keys.command(for: key, isAvailable: situation.holds) else {
            model.message = Message(text: Phrase.unknownKey(key), isFailure: false)
            return []
        }
        return perform(command, &model)
    }

    /// Starts the doctor for a view that shows the results itself.
    package static func examine(_ model: inout AppModel) -> [AppEffect] { DoctorUpdate.begin(&model) }

    /// Performs a command from a key or the palette.
    package static func perform(_ command: Command, _ model: inout AppModel) -> [AppEffect] {
        if model.settings.demoSpeed != nil, command.acts(in: model) {
            model.tell(.demoOnly)
            return []
        }
        switch command {
        case .help: return open(.help(offset: 0), &model)
        case .palette: return open(.palette(Palette()), &model)
        case .list: return open(.steps(selection: OverlayUpdate.index(of: model.walkthrough.selected, model)), &model)
        case .close: return [.quit]
        case .interrupt: return interrupt(&model)
        case .stop: return [.terminal(.stop)]
        case .redraw: return [.terminal(.redraw)]
        case .language: model.settings.language = model.settings.language == .en ? .zh : .en
        case .theme:
            model.settings.look.theme = model.settings.look.theme.next
            model.tell(Phrase.theme(model.settings.look.theme))
        case .mouse:
            model.settings.usesMouse.toggle()
            model.tell(model.settings.usesMouse ? .mouseOn : .mouseOff)
            return [.terminal(.mouse(model.settings.usesMouse))]
        default: return WalkthroughUpdate.perform(command, &model)
        }
        return []
    }

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

    private static func pasted(_ text: String, _ model: inout AppModel) -> [AppEffect] {
        // Pasted text isn't a series of keys: otherwise it would run whatever commands its letters mean.
        OverlayUpdate.typed(text, &model)
        return []
    }

    private static func resized(_ size: Size, _ model: inout AppModel) -> [AppEffect] {
        model.size = size
        return []
    }

    private static func background(_ isLight: Bool, _ model: inout AppModel) -> [AppEffect] {
        model.settings.look.isLight = isLight
        return []
    }

    private static func ticked(_ time: Double, _ model: inout AppModel) -> [AppEffect] {
        model.now = time
        return model.lab.livingRun == nil && !model.lab.isLaunching ? [.stopClock] : []
    }
}

extension Command {
    /// True if it does more than show something.
    fileprivate func acts(in model: AppModel) -> Bool {
        switch self {
        case .run, .auto, .verify, .edit, .skip, .reset, .save, .cure, .report, .settings: true
        case .primary:
            model.walkthrough.selected.map {
                switch model.lab.state(of: $0) {
                case .running, .done, .read: false
                case .open, .blocked, .waiting, .noLonger, .failed, .cancelled, .interrupted, .skipped: true
                }
            } ?? false
        default: false
        }
    }
}

extension AppModel {
    /// Shows a message in the last line.
    mutating func tell(_ text: Text, isFailure: Bool = false) { message = Message(text: text, isFailure: isFailure) }
}
