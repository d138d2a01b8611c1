import LabRunner
import LabSupport

/// `(model, event) → model, effects`. It only dispatches: the screens and overlays decide what happens.
package enum AppUpdate {
    /// The effects that start before the first event.
    package static let startEffects: [AppEffect] = [.loadLab, .watchEngine, .readHost]

    package static func update(_ model: inout AppModel, _ event: AppEvent) -> [AppEffect] {
        let boxes = model.overlays
        let effects = dispatch(&model, event)
        return effects + TelemetryUpdate.follow(&model) + protect(boxes, event, &model)
    }

    private static func dispatch(_ model: inout AppModel, _ event: AppEvent) -> [AppEffect] {
        switch event {
        case .key(let key): pressed(key, &model)
        case .pasted(let text): pasted(text, &model)
        case .mouse(let mouse): WalkthroughUpdate.mouse(mouse, &model)
        case .resized(let size): resized(size, &model)
        case .ticked(let time): ticked(time, &model)
        case .background(let isLight): background(isLight, &model)
        case .boxSettled: settle(&model)
        case .framePaced: []
        case .terminated: [.quit]
        case .labLoaded, .labFailed, .journal, .workspaceJournal, .runClosed, .historyRead, .engine, .host, .prepared, .outputRead,
            .launched, .looked, .examined, .examinationEnded, .diagnosed, .fileRead, .fileExamined, .pictureRead, .telemetry, .said,
            .failed, .terminalReturned, .removable, .cleanable, .glossaryRead, .commandWordsRead, .settingsWeighed, .demoEnded,
            .pathsFound, .predicted:
            LabUpdate.update(&model, event)
        }
    }

    /// A box that opened by itself takes no keys for a moment: what the student types then is meant for the screen below it.
    private static func protect(_ boxes: [Overlay], _ event: AppEvent, _ model: inout AppModel) -> [AppEffect] {
        if model.overlays.isEmpty { model.hasFreshBox = false }
        guard model.overlays.count > boxes.count, model.overlays.last != boxes.last, !event.isInput else { return [] }
        model.hasFreshBox = true
        return [.settleBox]
    }

    private static func settle(_ model: inout AppModel) -> [AppEffect] {
        model.hasFreshBox = false
        return []
    }

    private static func pressed(_ key: Key, _ model: inout AppModel) -> [AppEffect] {
        if model.hasFreshBox, key != .control("c") { return [] }
        model.message = nil
        if !model.overlays.isEmpty, let effects = OverlayUpdate.pressed(key, &model) { return effects }
        let situation = Situation(model)
        guard let command = model.settings.keys.command(for: key, isAvailable: situation.holds) else {
            model.message = Message(text: Phrase.unknownKey(key), isFailure: false)
            return []
        }
        return CommandUpdate.perform(command, &model)
    }

    private static func pasted(_ text: String, _ model: inout AppModel) -> [AppEffect] {
        // Pasted text isn't a series of keys: otherwise it would run whatever commands its letters mean.
        model.hasFreshBox ? [] : OverlayUpdate.typed(text, &model)
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
        return model.lab.isIdle ? [.stopClock] : []
    }
}

extension AppEvent {
    /// The student did it.
    fileprivate var isInput: Bool {
        switch self {
        case .key, .pasted, .mouse: true
        case .resized, .background, .ticked, .labLoaded, .labFailed, .journal, .workspaceJournal, .runClosed, .historyRead, .engine, .host,
            .prepared, .outputRead, .launched, .looked, .examined, .examinationEnded, .diagnosed, .fileRead, .fileExamined, .pictureRead,
            .telemetry, .said, .failed, .terminalReturned, .removable, .cleanable, .glossaryRead, .commandWordsRead, .settingsWeighed,
            .pathsFound, .predicted, .demoEnded, .framePaced, .boxSettled, .terminated:
            false
        }
    }
}

extension AppModel {
    /// Shows a message in the last line.
    mutating func tell(_ text: Text, isFailure: Bool = false) { message = Message(text: text, isFailure: isFailure) }
}
