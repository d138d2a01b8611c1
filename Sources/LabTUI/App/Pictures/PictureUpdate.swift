import LabFile
import LabRunner
import LabSupport

/// Opens the box for a picture of the student's, and handles its keys.
package enum PictureUpdate {
    static func open(_ model: inout AppModel) -> [AppEffect] {
        let models = models(model)
        guard !models.isEmpty else {
            model.tell(PictureWords.noModel)
            return []
        }
        model.overlays.append(.picture(PictureBox(models: models, selection: preferred(models, model))))
        return [.findPaths("")]
    }

    /// The question about a path to the model that fits the selected task best. Nil if the lab has no model.
    package static func question(_ path: String, _ model: AppModel) -> PictureQuestion? {
        let models = models(model)
        guard !models.isEmpty else { return nil }
        var question = models[preferred(models, model)]
        question.path = path
        return question
    }

    private static func action(_ task: LabTask) -> LabPredictAction? { if case .predict(let action) = task.action { action } else { nil } }

    private static func models(_ model: AppModel) -> [PictureQuestion] {
        var found: [PictureQuestion] = []
        for action in (model.lab.spec?.tasks ?? []).compactMap(action)
        where !found.contains(where: { $0.server == action.server && $0.model == action.model }) {
            found.append(PictureQuestion(server: action.server, model: action.model, timeout: action.timeout, path: ""))
        }
        return found
    }

    /// The model of the selected task, or else the one that was asked last.
    private static func preferred(_ models: [PictureQuestion], _ model: AppModel) -> Int {
        let tasks = model.lab.spec?.tasks ?? []
        let selected = model.walkthrough.selected.flatMap { model.lab.spec?.task($0) }.flatMap(action)
        let asked = tasks.filter { model.lab.progress.success(of: $0.id) != nil }.compactMap(action).last
        guard let name = (selected ?? asked)?.model else { return 0 }
        return models.firstIndex { $0.model == name } ?? 0
    }

    // MARK: Keys

    static func pressed(_ key: Key, _ box: PictureBox, _ model: inout AppModel) -> [AppEffect] {
        var box = box
        switch key {
        case .enter:
            guard !box.text.isEmpty, box.state != .asking else { return [] }
            // A folder isn't a picture: Enter opens it, as in a list of files.
            if box.text.hasSuffix("/") { return typed("", box, &model) }
            box.state = .asking
            OverlayUpdate.replace(.picture(box), &model)
            return [.predict(box.question)]
        case .tab:
            guard case .typing(let paths) = box.state, let common = commonBeginning(paths) else { return [] }
            box.text = common.count > box.text.count ? common : paths.count == 1 ? paths[0] : box.text
        case .up, .down:
            // What was answered was another model's answer.
            box.selection = (box.selection + (key == .down ? 1 : box.models.count - 1)) % box.models.count
        case .character(let character): return typed(String(character), box, &model)
        case .backspace:
            if box.text.isEmpty { return OverlayUpdate.close(&model) }
            box.text.removeLast()
        case .control("u"): box.text = ""
        case .control, .function, .left, .right, .home, .end, .pageUp, .pageDown, .backTab, .escape, .delete: return []
        }
        return typed("", box, &model)
    }

    /// Adds pasted text. A path that a terminal pasted may stand in quotation marks.
    static func typed(_ text: String, _ box: PictureBox, _ model: inout AppModel) -> [AppEffect] {
        var box = box
        let isQuoted = text.count > 1 && text.first == text.last && (text.first == "'" || text.first == "\"")
        let added = isQuoted ? String(text.dropFirst().dropLast()) : text
        box.text = String((box.text + added).prefix(Self.textLimit))
        if case .typing = box.state {} else { box.state = .typing([]) }
        OverlayUpdate.replace(.picture(box), &model)
        return [.findPaths(box.text)]
    }

    /// No path is longer: PATH_MAX.
    private static let textLimit = 4096

    private static func commonBeginning(_ paths: [String]) -> String? {
        guard let first = paths.first else { return nil }
        return paths.dropFirst().reduce(first) { common, path in
            String(zip(common, path).prefix { $0.0 == $0.1 }.map(\.0))
        }
    }

    // MARK: Answers

    /// Paths for what was typed. What was typed since then makes them useless.
    static func found(_ paths: [String], _ typed: String, _ model: inout AppModel) {
        change(&model) { box in
            guard box.text == typed, case .typing = box.state else { return }
            box.state = .typing(paths)
        }
    }

    static func answered(_ question: PictureQuestion, _ answer: PictureAnswer, _ model: inout AppModel) {
        change(&model) { box in
            guard box.state == .asking, box.question == question else { return }
            box.state = .answered(answer)
        }
    }

    private static func change(_ model: inout AppModel, _ body: (inout PictureBox) -> Void) {
        for (index, overlay) in model.overlays.enumerated() {
            guard case .picture(var box) = overlay else { continue }
            body(&box)
            model.overlays[index] = .picture(box)
        }
    }
}
