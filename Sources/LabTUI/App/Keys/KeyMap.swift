import LabSupport

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
        Binding([.character("&")], .filter, "filter", .keyFilter, .helpFilter, .inOutput),
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

    /// Bindings of the same key for the same situation.
    package static var clashes: [Key] { Keys().clashes }

    /// The table of `docs/keybindings.md`.
    package static var documentation: String {
        var text = "# Keys\n\nGenerated from `KeyMap`; `UPDATE_GOLDEN=1 swift test` writes it anew.\n\n"
        text += "| keys | in the palette | what it does | 作用 |\n|---|---|---|---|\n"
        text += "| `1`–`9` | `step N` | \(Text.helpStep.en) | \(Text.helpStep.zh) |\n"
        for binding in bindings {
            let keys = binding.keys.map { "`\($0.name)`" }.joined(separator: " ")
            text += "| \(keys) | `\(binding.name)` | \(binding.help.en) | \(binding.help.zh) |\n"
        }
        return text + """

            ## Keys of your own

            `$XDG_CONFIG_HOME/ailab/keys` (else `~/.config/ailab/keys`) changes keys. A line names an action as the palette does, and all of
            its keys:

                # s is too near to a for me
                skip = S
                page-down = Space Ctrl-F PgDn

            Keys are single characters, or names as in the table (`Ctrl-L`, `Space`, `PgDn`, `F5`; arrows also as `Up`, `Down`, `Left`,
            `Right`). `#` begins a comment. An action or key that does not exist, and a key that would mean two things, are named with file
            and line when `ailab` starts; the line is left out, and its action keeps the key that it has in the table. `1`–`9` choose steps.

            ## The output

            `/` searches and `&` shows only the lines that hold a text; both mind capitals only where you type some. `Esc` takes them back.

            """
    }
}
