import LabFile

/// Handles keys in the palette.
enum PaletteUpdate {
    static func pressed(_ key: Key, _ palette: Palette, _ model: inout AppModel) -> [AppEffect] {
        var palette = palette
        let count = model.settings.keys.matches(palette.text, model.say).count
        switch key {
        case .enter: return choose(palette, &model)
        case .up: palette.selection = max(0, palette.selection - 1)
        case .down, .tab: palette.selection = min(max(0, count - 1), palette.selection + 1)
        case .character(let character):
            palette.text.append(character)
            palette.selection = 0
        case .backspace:
            if palette.text.isEmpty { return OverlayUpdate.close(&model) }
            palette.text.removeLast()
            palette.selection = 0
        case .control("u"): palette.text = ""
        default: return []
        }
        OverlayUpdate.replace(.palette(palette), &model)
        return []
    }

    /// The first sub-step of the place that `3`, `3.4` or `step 3` names. Nil if it's something else.
    static func step(_ palette: Palette, _ model: AppModel) -> TaskID? {
        let words = palette.text.lowercased().split(separator: " ")
        guard let place = words.last, words.count == 1 || words.first == "step" else { return nil }
        let tasks = model.lab.spec?.tasks ?? []
        return tasks.first { $0.id.description == place || String($0.id.step) == place }?.id
    }

    /// The term that `?term` asks for. Nil if it's something else.
    static func term(_ palette: Palette) -> String? {
        palette.text.first.flatMap { "?？".contains($0) ? String(palette.text.dropFirst()).trimmed : nil }
    }

    private static func choose(_ palette: Palette, _ model: inout AppModel) -> [AppEffect] {
        if let term = term(palette) {
            model.overlays.removeLast()
            return GlossaryUpdate.open(term, &model)
        }
        let matches = model.settings.keys.matches(palette.text, model.say)
        if let task = step(palette, model) {
            model.overlays.removeLast()
            return WalkthroughUpdate.select(task, &model)
        }
        // Nothing to choose: the box stays open and says so, and the text can be corrected.
        guard matches.indices.contains(palette.selection) else { return [] }
        model.overlays.removeLast()
        return CommandUpdate.perform(matches[palette.selection].command, &model)
    }
}
