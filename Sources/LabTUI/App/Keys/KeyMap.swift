import LabEngine

/// Every binding, once.
package enum KeyMap {
    /// In the order of the key bar: the most important first.
    package static let bindings: [Binding] = [
        Binding([.enter], .primary, "go", .keyGo, .helpGo, .always),
        Binding([.character("r")], .run, "run", .keyRun, .helpRun, .idle),
        Binding([.control("c")], .interrupt, "cancel", .keyCancel, .helpCancel, .running),
        Binding([.character("h")], .hint, "hint", .keyHint, .helpHint, .hasHints),
        Binding([.character("e")], .edit, "edit", .keyEdit, .helpEdit, .hasFile),
        Binding([.character("?"), .function(1)], .help, "help", .keyHelp, .helpHelp, .always),
        Binding([.character("q")], .close, "quit", .keyQuit, .helpQuit, .always),
        Binding([.character("v")], .verify, "verify", .keyVerify, .helpVerify, .idle),
        Binding([.character("n")], .nextTask, "next", .keyNext, .helpNext, .always),
        Binding([.character("p")], .previousTask, "previous", .keyPrevious, .helpPrevious),
        Binding([.tab], .nextPane, "pane", .keyPane, .helpPane, .always),
        Binding([.backTab], .previousPane, "previous-pane", .keyPane, .helpPreviousPane),
        Binding([.character("/")], .search, "search", .keySearch, .helpSearch, .inOutput),
        Binding([.character("n")], .findNext, "find-next", .keyFindNext, .helpFindNext, .searching),
        Binding([.character("N")], .findPrevious, "find-previous", .keyFindPrevious, .helpFindPrevious, .searching),
        Binding([.character("F")], .follow, "follow", .keyFollow, .helpFollow, .inOutput),
        Binding([.character(":")], .palette, "palette", .keyPalette, .helpPalette, .always),
        Binding([.character("y")], .copyCommand, "copy-command", .keyCopy, .helpCopyCommand, .hasCommand),
        Binding([.character("Y")], .copyOutput, "copy-output", .keyCopy, .helpCopyOutput),
        Binding([.character("l")], .list, "list", .keyList, .helpList, .always),
        Binding([.character("a")], .auto, "auto", .keyAuto, .helpAuto, .idle),
        Binding([.character("z")], .zoom, "zoom", .keyZoom, .helpZoom, .always),
        Binding([.character("["), .character("{")], .previousTab, "previous-tab", .keyTab, .helpPreviousTab),
        Binding([.character("]"), .character("}")], .nextTab, "next-tab", .keyTab, .helpNextTab, .always),
        Binding([.character("L")], .language, "language", .keyLanguage, .helpLanguage, .always),
        Binding([.up, .character("k")], .up, "up", .keyMove, .helpUp),
        Binding([.down, .character("j")], .down, "down", .keyMove, .helpDown),
        Binding([.left], .left, "left", .keyMove, .helpLeft),
        Binding([.right], .right, "right", .keyMove, .helpRight),
        Binding([.home, .character("g")], .top, "top", .keyMove, .helpTop),
        Binding([.end, .character("G")], .bottom, "bottom", .keyMove, .helpBottom),
        Binding([.pageUp, .control("b")], .pageUp, "page-up", .keyMove, .helpPageUp),
        Binding([.pageDown, .control("f"), .character(" ")], .pageDown, "page-down", .keyMove, .helpPageDown),
        Binding([.character("o")], .output, "output", .keyOutput, .helpOutput),
        Binding([.character("d")], .doctor, "doctor", .keyDoctor, .helpDoctor),
        Binding([.character("f")], .cure, "fix", .keyFix, .helpFix),
        Binding([.character("t")], .telemetry, "telemetry", .keyTelemetry, .helpTelemetry),
        Binding([.character("R")], .report, "report", .keyReport, .helpReport),
        Binding([.character("s")], .skip, "skip", .keySkip, .helpSkip),
        Binding([.character("x")], .reset, "reset", .keyReset, .helpReset),
        Binding([.character("w")], .wrap, "wrap", .keyWrap, .helpWrap),
        Binding([.character("T")], .time, "time", .keyTime, .helpTime),
        Binding([.control("s")], .save, "save", .keySave, .helpSave),
        Binding([.character("C")], .theme, "theme", .keyTheme, .helpTheme),
        Binding([.character("m")], .mouse, "mouse", .keyMouse, .helpMouse),
        Binding([.control("l")], .redraw, "redraw", .keyRedraw, .helpRedraw),
        Binding([.control("z")], .stop, "suspend", .keyStop, .helpStop),
        Binding([.escape], .back, "back", .keyBack, .helpBack),
    ]

    /// What a key means now. A binding for a special situation goes before the general one for the same key.
    package static func command(for key: Key, isAvailable: (Availability) -> Bool) -> Command? {
        if case .character(let character) = key, let number = character.wholeNumberValue, (1...9).contains(number) { return .step(number) }
        let fitting = bindings.filter { $0.keys.contains(key) }
        if let special = fitting.first(where: { $0.when == .searching && isAvailable(.searching) }) { return special.command }
        return fitting.first { $0.when != .searching }?.command
    }

    /// Bindings of the same key for the same situation.
    package static var clashes: [Key] {
        var seen: Set<Key> = []
        var clashes: [Key] = []
        for binding in bindings where binding.when != .searching {
            for key in binding.keys where !seen.insert(key).inserted { clashes.append(key) }
        }
        return clashes
    }

    /// What the palette offers for what was typed: names that begin with it, then names and helps that hold it.
    package static func matches(_ text: String, _ say: (Word) -> String) -> [Binding] {
        let wanted = text.lowercased().trimmed
        let offered = bindings.filter { $0.command != .back && $0.command != .palette }
        guard !wanted.isEmpty else { return offered }
        let first = offered.filter { $0.name.hasPrefix(wanted) }
        let rest = offered.filter { binding in
            !binding.name.hasPrefix(wanted) && (binding.name + " " + say(binding.help)).lowercased().range(of: wanted) != nil
        }
        return first + rest
    }

    /// The table of `docs/keybindings.md`.
    package static var documentation: String {
        var text = "# Keys\n\nGenerated from `KeyMap`; `UPDATE_GOLDEN=1 swift test` writes it anew.\n\n"
        text += "| keys | in the palette | what it does | 作用 |\n|---|---|---|---|\n"
        text += "| `1`–`9` | `step N` | \(Word.helpStep.text.en) | \(Word.helpStep.text.zh) |\n"
        for binding in bindings {
            let keys = binding.keys.map { "`\($0.name)`" }.joined(separator: " ")
            text += "| \(keys) | `\(binding.name)` | \(binding.help.text.en) | \(binding.help.text.zh) |\n"
        }
        return text
    }
}
