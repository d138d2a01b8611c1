import LabFile
import LabRunner

/// Handles keys while a box is open. The box on top gets them.
package enum OverlayUpdate {
    /// Nil if the box doesn't use the key.
    package static func pressed(_ key: Key, _ model: inout AppModel) -> [AppEffect]? {
        guard let overlay = model.overlays.last else { return nil }
        switch key {
        case .control("c") where model.lab.livingRun != nil, .control("l"), .control("z"): return nil
        case .escape, .control("c"): return close(&model)
        default: break
        }
        switch overlay {
        case .help(let offset): return help(key, offset, &model)
        case .palette(let palette): return PaletteUpdate.pressed(key, palette, &model)
        case .search(let text): return search(key, text, &model)
        case .filter(let text): return filter(key, text, &model)
        case .notes: return [.enter, .character("q")].contains(key) ? close(&model) : []
        case .steps(let selection): return steps(key, selection, &model)
        case .confirm(let question): return confirm(key, question, &model)
        case .doctor(let box): return DoctorUpdate.pressed(key, box, &model)
        case .finale: return FinaleUpdate.pressed(key, &model)
        case .question(let box): return QuestionUpdate.pressed(key, box, &model)
        case .account(let step, let offset): return read(key, offset, &model) { .account(step: step, offset: $0) }
        case .glossary(let box): return GlossaryUpdate.pressed(key, box, &model)
        case .commandWords(let offset): return read(key, offset, &model) { .commandWords(offset: $0) }
        case .settings(let box): return SettingsUpdate.pressed(key, box, &model)
        case .picture(let box): return PictureUpdate.pressed(key, box, &model)
        case .shell(let task, let shell): return self.shell(key, task, shell, &model)
        }
    }

    /// Handles keys in a box that is only read.
    private static func read(
        _ key: Key, _ offset: Int, _ model: inout AppModel, _ moved: (Int) -> Overlay
    ) -> [AppEffect] {
        guard let overlay = model.overlays.last else { return [] }
        let view = OverlayView(model)
        let limit = TextPane.limit(view.reading(overlay).count, rows: view.rows(of: overlay))
        if let target = self.moved(key, offset, count: limit + 1, page: max(1, view.rows(of: overlay) - 1)) {
            replace(moved(target), &model)
            return []
        }
        switch key {
        case .enter, .character("q"): return close(&model)
        case .character("L"): return CommandUpdate.perform(.language, &model)
        default: return []
        }
    }

    /// Handles pasted text.
    package static func typed(_ text: String, _ model: inout AppModel) -> [AppEffect] {
        let line = String(text.prefix { $0 != "\n" && $0 != "\r" })
        switch model.overlays.last {
        case .palette(var palette)?:
            palette.text += line
            palette.selection = 0
            replace(.palette(palette), &model)
        case .search(let old)?: replace(.search(old + line), &model)
        case .filter(let old)?: replace(.filter(old + line), &model)
        case .glossary(let old)?: replace(.glossary(GlossaryBox(text: old.text + line)), &model)
        case .picture(let box)?: return PictureUpdate.typed(line, box, &model)
        case .help?, .notes?, .steps?, .confirm?, .doctor?, .finale?, .question?, .account?, .commandWords?, .settings?, .shell?, nil: break
        }
        return []
    }

    static func close(_ model: inout AppModel) -> [AppEffect] {
        if case .shell(let task, _)? = model.overlays.popLast() { model.walkthrough.declinedShells.insert(task) }
        return []
    }

    static func replace(_ overlay: Overlay, _ model: inout AppModel) {
        guard !model.overlays.isEmpty else { return }
        model.overlays[model.overlays.count - 1] = overlay
    }

    static func index(of task: TaskID?, _ model: AppModel) -> Int { model.lab.spec?.tasks.firstIndex { $0.id == task } ?? 0 }

    /// The new position in a list after a movement key. Nil for other keys.
    static func moved(_ key: Key, _ position: Int, count: Int, page: Int) -> Int? {
        let target: Int? =
            switch key {
            case .up, .character("k"): position - 1
            case .down, .character("j"): position + 1
            case .pageUp: position - page
            case .pageDown, .character(" "): position + page
            case .home, .character("g"): 0
            case .end, .character("G"): count - 1
            default: nil
            }
        return target.map { min(max(0, $0), max(0, count - 1)) }
    }

    private static func help(_ key: Key, _ offset: Int, _ model: inout AppModel) -> [AppEffect] {
        let rows = OverlayView.helpRows(model)
        let limit = TextPane.limit(OverlayView.helpLines(model).count, rows: rows)
        if let moved = moved(key, offset, count: limit + 1, page: max(1, rows - 1)) {
            replace(.help(offset: moved), &model)
            return []
        }
        switch key {
        case .character("q"), .character("?"), .function(1), .enter: return close(&model)
        case .character("L"): return CommandUpdate.perform(.language, &model)
        case .character("C"): return CommandUpdate.perform(.theme, &model)
        default: return []
        }
    }

    private static func filter(_ key: Key, _ text: String, _ model: inout AppModel) -> [AppEffect] {
        switch key {
        case .character(let character): replace(.filter(text + String(character)), &model)
        case .backspace: replace(.filter(String(text.dropLast())), &model)
        case .control("u"): replace(.filter(""), &model)
        case .enter:
            model.overlays.removeLast()
            OutputUpdate.filter(text, &model)
        default: break
        }
        return []
    }

    private static func search(_ key: Key, _ text: String, _ model: inout AppModel) -> [AppEffect] {
        switch key {
        case .character(let character): replace(.search(text + String(character)), &model)
        case .backspace: replace(.search(String(text.dropLast())), &model)
        case .control("u"): replace(.search(""), &model)
        case .enter:
            model.overlays.removeLast()
            model.walkthrough.logView.search = text
            model.walkthrough.logView.match = nil
            if !text.isEmpty { OutputUpdate.find(forward: false, &model) }
        default: break
        }
        return []
    }

    private static func steps(_ key: Key, _ selection: Int, _ model: inout AppModel) -> [AppEffect] {
        let tasks = model.lab.spec?.tasks ?? []
        if let moved = moved(key, selection, count: tasks.count, page: max(1, model.size.rows - 8)) {
            replace(.steps(selection: moved), &model)
            return []
        }
        switch key {
        case .enter:
            model.overlays.removeLast()
            return tasks.indices.contains(selection) ? WalkthroughUpdate.select(tasks[selection].id, &model) : []
        case .character("q"), .character("l"): return close(&model)
        case .character(let character):
            guard let number = character.wholeNumberValue, let index = tasks.firstIndex(where: { $0.id.step == number }) else { return [] }
            replace(.steps(selection: index), &model)
            return []
        default: return []
        }
    }

    private static func confirm(_ key: Key, _ question: Confirmation, _ model: inout AppModel) -> [AppEffect] {
        switch key {
        case .enter where !question.needsLetter, .character("y"):
            model.overlays.removeLast()
            return TaskUpdate.agreed(question.answer, &model)
        case .character("n"), .character("q"): return close(&model)
        default: return []
        }
    }

    private static func shell(_ key: Key, _ task: TaskID, _ shell: ShellReady, _ model: inout AppModel) -> [AppEffect] {
        switch key {
        case .enter:
            _ = close(&model)
            return [.terminal(.attach(container: shell.container))]
        case .character("q"), .character("n"): return close(&model)
        default: return []
        }
    }
}
