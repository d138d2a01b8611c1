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

    private static func choose(_ palette: Palette, _ model: inout AppModel) -> [AppEffect] {
        model.overlays.removeLast()
        // `3`, `3.4` and `step 3` go to that step.
        let words = palette.text.lowercased().split(separator: " ")
        if let place = words.last, words.count == 1 || words.first == "step" {
            if let task = TaskID(String(place)), model.lab.spec?.task(task) != nil { return WalkthroughUpdate.select(task, &model) }
            if let number = Int(place) { return AppUpdate.perform(.step(number), &model) }
        }
        let matches = model.settings.keys.matches(palette.text, model.say)
        guard matches.indices.contains(palette.selection) else {
            model.tell(.notFound)
            return []
        }
        return AppUpdate.perform(matches[palette.selection].command, &model)
    }
}
