import LabSupport
import LabTUI

extension KeyMap {
    /// The table of `docs/keybindings.md`.
    static var documentation: String {
        var text =
            "# Keys\n\nThis page is generated from `KeyMap`. `UPDATE_GOLDEN=1 swift test --filter CatalogueTests` writes it anew.\n\n"
        text += "| keys | in the palette | what it does | 作用 |\n|---|---|---|---|\n"
        text += "| `1`–`9` | `step N` | \(Text.helpStep.en) | \(Text.helpStep.zh) |\n"
        for binding in bindings {
            let keys = binding.keys.map { "`\($0.name)`" }.joined(separator: " ")
            text += "| \(keys) | `\(binding.name)` | \(binding.help.en) | \(binding.help.zh) |\n"
        }
        return text + """

            ## Keys of your own

            You can change keys in `$XDG_CONFIG_HOME/ailab/keys`, or else `~/.config/ailab/keys`. Each line gives an action of the palette all of
            its keys:

                # s is too close to a for me
                skip = S
                page-down = Space Ctrl-F PgDn

            Keys are single characters, or names as in the table (`Ctrl-L`, `Space`, `PgDn`, `F5`; arrows also as `Up`, `Down`, `Left`,
            `Right`). `#` begins a comment. When `ailab` starts, it reports unknown actions, unknown keys and keys with two meanings, with
            file and line. It ignores that line, and the action keeps its default key. You can't reassign `1`–`9`, which choose steps.

            ## The output

            `/` searches, and `&` shows only the lines that contain a text. Both ignore case unless you type capitals. `Esc` clears them.

            """
    }
}
