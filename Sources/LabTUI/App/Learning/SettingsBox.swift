package import LabFile
package import LabRunner
package import LabSupport

/// The box with the settings. What it shows is a draft: Enter saves it, and Esc leaves everything as it was.
package struct SettingsBox: Sendable, Equatable {
    /// What a row changes.
    package enum Row: Sendable, Equatable {
        case amount
        case device
        /// A variable of the lab whose value is a whole number.
        case variable(String)
        case language
        case theme
    }

    package var draft: SettingsChanged
    package var language: Language
    package var theme: Theme
    package var selection = 0
    /// The finished tasks whose results don't count with this draft. Nil until that's known.
    package var outdated: [TaskID]?
    /// The lab as it was read. On the screen, its variables are filled in.
    let rows: [Row]

    package init(_ model: AppModel) {
        draft = SettingsChanged(model.options)
        language = model.settings.language
        theme = model.look.theme
        // Nobody chooses a value that is the student's own.
        let numbers = (model.lab.spec?.variables ?? []).filter { Int($0.value) != nil && $0.perStudent == nil }.map {
            Row.variable($0.name)
        }
        rows = [.amount, .device] + numbers + [.language, .theme]
    }

    /// How many settings there are.
    package var rowCount: Int { rows.count }

    var row: Row { rows[min(selection, rows.count - 1)] }
}

/// Opens the settings, and handles their keys.
package enum SettingsUpdate {
    static func open(_ model: inout AppModel) -> [AppEffect] {
        guard model.lab.spec != nil else { return [] }
        let box = SettingsBox(model)
        model.overlays.append(.settings(box))
        return [.weighSettings(box.draft)]
    }

    static func pressed(_ key: Key, _ box: SettingsBox, _ model: inout AppModel) -> [AppEffect] {
        var next = box
        switch key {
        case .up, .character("k"): next.selection = max(0, box.selection - 1)
        case .down, .character("j"), .tab: next.selection = min(box.rows.count - 1, box.selection + 1)
        case .left: next.change(by: -1, model)
        case .right, .character(" "): next.change(by: 1, model)
        case .character(let digit) where digit.isASCII && digit.isWholeNumber: next.type(digit, model)
        case .backspace: next.type(nil, model)
        case .enter: return save(box, &model)
        case .character("q"): return OverlayUpdate.close(&model)
        default: return []
        }
        let isChanged = next.draft != box.draft
        if isChanged { next.outdated = nil }
        OverlayUpdate.replace(.settings(next), &model)
        return isChanged ? [.weighSettings(next.draft)] : []
    }

    /// What a draft would make out of date. An older draft's answer is of no use.
    static func weighed(_ draft: SettingsChanged, _ tasks: [TaskID], _ model: inout AppModel) {
        for (index, overlay) in model.overlays.enumerated() {
            guard case .settings(var box) = overlay, box.draft == draft else { continue }
            box.outdated = tasks
            model.overlays[index] = .settings(box)
        }
    }

    /// Saves a draft, unless a value isn't allowed or a run is active.
    package static func save(_ box: SettingsBox, _ model: inout AppModel) -> [AppEffect] {
        if let problem = box.problem(model) {
            model.tell(problem, isFailure: true)
            return []
        }
        let isRun = box.draft != SettingsChanged(model.options)
        if isRun, model.lab.livingRun != nil {
            model.tell(.alreadyRunning)
            return []
        }
        model.overlays.removeAll { if case .settings = $0 { true } else { false } }
        var effects: [AppEffect] = []
        if box.language != model.settings.language || box.theme != model.look.theme {
            model.settings.language = box.language
            model.settings.look.theme = box.theme
            effects.append(.savePreferences(box.language, box.theme))
        }
        guard isRun else { return effects }
        // Otherwise the command line would override what was just saved.
        model.settings.asked = RunSettings()
        return effects + [.saveSettings(box.draft)]
    }
}

extension SettingsBox {
    /// The next or the previous value of the selected row.
    mutating func change(by step: Int, _ model: AppModel) {
        func next<Value: CaseIterable & Equatable>(_ value: Value) -> Value where Value.AllCases == [Value] {
            let all = Value.allCases
            return all[((all.firstIndex(of: value) ?? 0) + step + all.count) % all.count]
        }
        switch row {
        case .amount: draft.quick.toggle()
        case .device: draft.device = next(draft.device)
        case .variable(let name): set(name, String(max(1, (Int(value(of: name, model)) ?? 1) + step)), model)
        case .language: language = next(language)
        case .theme: theme = next(theme)
        }
    }

    /// Types a digit at the end of a number, or takes the last one away.
    mutating func type(_ digit: Character?, _ model: AppModel) {
        guard case .variable(let name) = row else { return }
        let old = value(of: name, model)
        let isOwn = draft.set[name] != nil
        // The first digit replaces the value that the lab has by itself.
        let text = digit.map { (isOwn ? old : "") + String($0) } ?? String(old.dropLast())
        guard text.count <= 5 else { return }
        if text.isEmpty { draft.set[name] = nil } else { draft.set[name] = text }
    }

    private mutating func set(_ name: String, _ value: String, _ model: AppModel) {
        draft.set[name] = value == Self.usual(name, draft.quick, model) ? nil : value
    }

    /// The value that a run would use.
    package func value(of name: String, _ model: AppModel) -> String {
        draft.set[name] ?? Self.usual(name, draft.quick, model)
    }

    private static func usual(_ name: String, _ quick: Bool, _ model: AppModel) -> String {
        guard let variable = model.lab.spec?.variables.first(where: { $0.name == name }) else { return "" }
        return (quick ? variable.quick : nil) ?? variable.value
    }

    /// The settings by their names in a command line, with their values.
    package func listing(_ model: AppModel) -> [(name: String, value: Text)] {
        rows.map { row in
            let value = SettingsLines(self, model).value(row)
            return switch row {
            case .amount: ("training", Text(verbatim: draft.quick ? "quick" : "full"))
            case .device: ("device", Text(verbatim: draft.device.rawValue))
            case .variable(let name): (name, value)
            case .language: ("language", Text(verbatim: language.rawValue))
            case .theme: ("colors", Text(verbatim: theme.rawValue))
            }
        }
    }

    /// Changes a setting by its name. False if there is no such setting or value.
    package mutating func set(_ name: String, to value: String, _ model: AppModel) -> Bool {
        switch name {
        case "training":
            guard ["quick", "full"].contains(value) else { return false }
            draft.quick = value == "quick"
        case "device":
            guard let device = RunOptions.Device(rawValue: value) else { return false }
            draft.device = device
        case "language":
            guard let language = Language(rawValue: value) else { return false }
            self.language = language
        case "colors":
            guard let theme = Theme(rawValue: value) else { return false }
            self.theme = theme
        default:
            guard rows.contains(.variable(name)) else { return false }
            set(name, value, model)
        }
        return true
    }

    /// Why the draft can't be saved. Nil if it can.
    func problem(_ model: AppModel) -> Text? {
        for variable in model.lab.spec?.variables ?? [] {
            if let value = draft.set[variable.name], !LabVariables.fits(value, variable) {
                return SettingsWords.unfit(variable.shownName, value)
            }
        }
        return nil
    }
}

/// The lines of the settings.
package struct SettingsLines {
    private let box: SettingsBox
    private let model: AppModel

    package init(_ box: SettingsBox, _ model: AppModel) {
        self.box = box
        self.model = model
    }

    /// The text's language is the draft's, so that the student sees what they choose.
    private func say(_ text: Text) -> String { text[box.language] }

    package func lines(columns: Int) -> [RichLine] {
        let look = model.look
        let names = box.rows.map { say(name($0)) }
        let width = names.map { CellWidth.of($0) }.max() ?? 0
        var lines: [RichLine] = []
        for (index, row) in box.rows.enumerated() {
            let isSelected = index == box.selection
            let value = isSelected ? "\(look.glyphs.left) \(say(self.value(row))) \(look.glyphs.right)" : "  \(say(self.value(row)))"
            let own = isOwn(row) ? "  \(say(SettingsWords.own))" : ""
            lines.append(
                RichLine([
                    Span(isSelected ? look.glyphs.running + " " : "  ", look[.key]), Span(names[index].padded(to: width) + "  "),
                    Span(value, look[isSelected ? .selection : .strong]), Span(own, look[.muted]),
                ]).truncated(to: columns, ellipsis: look.glyphs.ellipsis))
        }
        lines.append(RichLine([]))
        lines += RichLine(say(help(box.row)), look[.muted]).wrapped(to: columns)
        if let problem = box.problem(model) { return lines + RichLine(say(problem), look[.bad]).wrapped(to: columns) }
        return lines
            + RichLine(say(SettingsWords.outdated(box.outdated)), look[box.outdated?.isEmpty == false ? .warning : .muted]).wrapped(
                to: columns)
    }

    private func name(_ row: SettingsBox.Row) -> Text {
        switch row {
        case .amount: SettingsWords.amount
        case .device: SettingsWords.device
        case .variable(let name): model.lab.spec?.variables.first { $0.name == name }?.shownName ?? Text(verbatim: name)
        case .language: SettingsWords.language
        case .theme: SettingsWords.theme
        }
    }

    func value(_ row: SettingsBox.Row) -> Text {
        switch row {
        case .amount: box.draft.quick ? SettingsWords.quick : SettingsWords.full
        case .device: SettingsWords.device(box.draft.device)
        case .variable(let name): Text(verbatim: box.value(of: name, model))
        case .language: Text(verbatim: box.language == .en ? "English" : "中文")
        case .theme: box.theme.name
        }
    }

    /// The student changed it from what the lab has.
    private func isOwn(_ row: SettingsBox.Row) -> Bool {
        switch row {
        case .amount: box.draft.quick
        case .device: box.draft.device != .auto
        case .variable(let name): box.draft.set[name] != nil
        case .language, .theme: false
        }
    }

    private func help(_ row: SettingsBox.Row) -> Text {
        switch row {
        case .amount: SettingsWords.amountHelp
        case .device: SettingsWords.deviceHelp
        case .variable(let name): model.lab.spec?.variables.first { $0.name == name }?.text ?? Text(verbatim: "")
        case .language, .theme: SettingsWords.looksHelp
        }
    }
}

/// Texts of the settings.
package enum SettingsWords {
    package static let title = Text(en: "Settings of this workspace", zh: "本工作区的设置")
    static let amount = Text(en: "Training", zh: "训练量")
    static let quick = Text(en: "quick", zh: "快速")
    static let full = Text(en: "full", zh: "完整")
    static let device = Text(en: "Device", zh: "设备")
    static let language = Text(en: "Language", zh: "语言")
    static let theme = Text(en: "Colors", zh: "配色")
    static let own = Text(en: "(yours)", zh: "（已修改）")
    static let change = Text(en: "change", zh: "修改")
    static let save = Text(en: "save", zh: "保存")
    static let amountHelp = Text(
        en: "Quick trains on a sixth of the digits.", zh: "“快速”只用六分之一的数据训练。")
    static let deviceHelp = Text(en: "Automatic uses the GPU if containers can use one.", zh: "“自动”：容器能使用 GPU 时就用 GPU。")
    static let looksHelp = Text(en: "For every command in this workspace.", zh: "对本工作区的所有命令生效。")

    static func device(_ device: RunOptions.Device) -> Text {
        switch device {
        case .auto: Text(en: "automatic", zh: "自动")
        case .cpu: Text(verbatim: "CPU")
        case .gpu: Text(verbatim: "GPU")
        }
    }

    static func unfit(_ name: Text, _ value: String) -> Text {
        Text(en: "\(name.en) can't be \(value).", zh: "“\(name.zh)”不能是 \(value)。")
    }

    /// What the draft makes out of date.
    static func outdated(_ tasks: [TaskID]?) -> Text {
        guard let tasks else { return Text(en: "Checking what this changes…", zh: "正在检查影响……") }
        guard !tasks.isEmpty else { return Text(en: "Everything that is done stays done.", zh: "已完成的小节都保持有效。") }
        let names = Text.words(tasks.map(\.description))
        return Text(
            en: "Out of date with these settings: \(names.en). They stay as they are until you run them again.",
            zh: "按此设置需要重做：\(names.zh)。重新运行之前，原有结果保持不变。")
    }

    /// What was saved.
    package static func saved(_ tasks: [TaskID]) -> Text {
        guard !tasks.isEmpty else { return Text(en: "Settings saved.", zh: "设置已保存。") }
        let names = Text.words(tasks.map(\.description))
        return Text(en: "Settings saved. Out of date now: \(names.en).", zh: "设置已保存。需要重做：\(names.zh)。")
    }

    /// What differs from the lab's own settings, in short. Nil if nothing does.
    package static func short(_ settings: SettingsChanged) -> Text? {
        var parts: [Text] = settings.quick ? [quick] : []
        if settings.device != .auto { parts.append(device(settings.device)) }
        parts += settings.set.sorted { $0.key < $1.key }.map { Text(verbatim: "\($0.key)=\($0.value)") }
        guard !parts.isEmpty else { return nil }
        return Text(en: parts.map(\.en).joined(separator: " "), zh: parts.map(\.zh).joined(separator: " "))
    }
}
