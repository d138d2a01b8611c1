import LabSupport
import LabTUI

extension KeyMap {
    /// The table of `docs/keybindings.md`.
    static var documentation: String {
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
