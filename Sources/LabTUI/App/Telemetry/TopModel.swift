package import LabSupport
import Telemetry

/// The state of `ailab top`. Only `TopUpdate` changes it.
package struct TopModel: Sendable {
    package var size: Size
    package var settings: Settings
    package var history = TelemetryHistory()
    /// The samples that a paused screen shows. Sampling continues.
    package var frozen: TelemetryHistory?
    /// The first row of the tables to show.
    package var offset = 0
    /// How many seconds the curves show.
    package var span = 120.0
    /// A message instead of the keys. The next key removes it.
    package var notice: Text?

    package init(size: Size, settings: Settings) {
        self.size = size
        self.settings = settings
    }

    package var shown: TelemetryHistory { frozen ?? history }
}

/// Handles the keys and samples of `ailab top`.
package enum TopUpdate {
    /// Work that only the loop can do.
    package enum Effect: Sendable, Equatable {
        case quit
        case redraw
        case stop
    }

    private static let spans = [60.0, 120, 300, 900]

    package static func update(_ model: inout TopModel, _ event: AppEvent) -> Effect? {
        switch event {
        case .telemetry(let samples):
            for sample in samples { model.history.append(sample) }
        case .resized(let size): model.size = size
        case .background(let isLight): model.settings.look.isLight = isLight
        case .terminated: return .quit
        case .mouse(let mouse): scroll(mouse.action == .wheelUp ? -3 : mouse.action == .wheelDown ? 3 : 0, &model)
        case .key(let key): return pressed(key, &model)
        // It has no lab, no box, and nothing to type in.
        case .pasted, .ticked, .labLoaded, .labFailed, .journal, .workspaceJournal, .runClosed, .historyRead, .engine, .host, .prepared,
            .outputRead, .launched, .looked, .examined, .examinationEnded, .diagnosed, .fileRead, .fileExamined, .pictureRead, .said,
            .failed, .terminalReturned, .removable, .cleanable, .glossaryRead, .commandWordsRead, .settingsWeighed, .pathsFound, .predicted,
            .demoEnded, .framePaced, .boxSettled:
            break
        }
        return nil
    }

    private static func pressed(_ key: Key, _ model: inout TopModel) -> Effect? {
        model.notice = nil
        switch key {
        case .character("q"), .control("c"), .escape: return .quit
        case .control("l"): return .redraw
        case .control("z"): return .stop
        case .character("L"): model.settings.language = model.settings.language == .en ? .zh : .en
        case .character("C"):
            model.settings.look.theme = model.settings.look.theme.next
            model.notice = Phrase.theme(model.settings.look.theme)
        case .character("p"), .character(" "): model.frozen = model.frozen == nil ? model.history : nil
        case .character("+"), .character("-"):
            let place = spans.firstIndex(of: model.span) ?? 1
            model.span = spans[max(0, min(spans.count - 1, place + (key == .character("+") ? -1 : 1)))]
        case .up, .character("k"): scroll(-1, &model)
        case .down, .character("j"): scroll(1, &model)
        case .pageUp: scroll(-10, &model)
        case .pageDown: scroll(10, &model)
        case .home, .character("g"): model.offset = 0
        default: break
        }
        return nil
    }

    private static func scroll(_ rows: Int, _ model: inout TopModel) {
        let all = TelemetryView(model.shown, model.settings.look, model.settings.language).tableLines(columns: model.size.columns).count
        model.offset = max(0, min(all - 1, model.offset + rows))
    }
}

/// Draws the frame of `ailab top`.
package enum TopView {
    package static func view(_ model: TopModel) -> CellBuffer {
        var buffer = CellBuffer(model.size)
        let screen = Rect(model.size)
        let look = model.settings.look
        let language = model.settings.language
        buffer.fill(screen, look[.text])
        let parts = screen.split(top: 1)
        header(model, in: parts.top, on: &buffer)
        let rest = parts.rest.split(bottom: 1)
        TelemetryView(model.shown, look, language, offset: model.offset, span: model.span).draw(
            in: rest.rest.inset(columns: model.size.columns > 40 ? 1 : 0), on: &buffer)
        if let notice = model.notice {
            buffer.put(notice[language], at: 1, rest.bottom.row, look[.strong], limit: model.size.columns - 2)
        } else {
            KeyBar(keys(language, look.glyphs)).draw(in: rest.bottom.inset(columns: 1), on: &buffer, look)
        }
        buffer.underlay(look.ground)
        return buffer
    }

    private static func keys(_ language: Language, _ glyphs: Glyphs) -> [(key: String, label: String)] {
        [
            ("q", TelemetryWords.quit[language]), ("p", TelemetryWords.pause[language]), ("+ -", TelemetryWords.span[language]),
            (glyphs.isUnicode ? "↑ ↓" : "j k", TelemetryWords.scroll[language]),
            ("L", glyphs.isUnicode ? TelemetryWords.language[language] : "language"), ("C", TelemetryWords.theme[language]),
        ]
    }

    private static func header(_ model: TopModel, in rect: Rect, on buffer: inout CellBuffer) {
        let style = model.settings.look[.header]
        buffer.fill(rect, style)
        let time = model.shown.last.map { DayClock.text($0.time + Double(model.settings.utcOffset)) } ?? ""
        let pause = model.frozen == nil ? "" : "  \(TelemetryWords.paused[model.settings.language])"
        let right = time + pause
        buffer.put("ailab top", at: rect.column + 1, rect.row, style.with(Style(-1, .bold)), limit: rect.columns - 1)
        buffer.put(right, at: rect.right - CellWidth.of(right) - 1, rect.row, style)
    }
}
