/// The characters for lines and symbols.
package enum Glyphs: Sendable, Equatable {
    case unicode
    /// For terminals and fonts with no other characters.
    case ascii

    private func pick(_ unicode: String, _ ascii: String) -> String { self == .unicode ? unicode : ascii }

    package var horizontal: String { pick("─", "-") }
    package var vertical: String { pick("│", "|") }
    package var topLeft: String { pick("┌", "+") }
    package var topRight: String { pick("┐", "+") }
    package var bottomLeft: String { pick("└", "+") }
    package var bottomRight: String { pick("┘", "+") }
    package var junctionDown: String { pick("┬", "+") }
    package var junctionRight: String { pick("├", "+") }
    package var junctionLeft: String { pick("┤", "+") }
    package var done: String { pick("✔", "+") }
    package var failed: String { pick("✘", "x") }
    package var running: String { pick("▶", ">") }
    package var waiting: String { pick("…", "~") }
    package var open: String { pick("·", ".") }
    package var stopped: String { pick("■", "#") }
    package var interrupted: String { "!" }
    package var skipped: String { pick("»", "/") }
    package var bullet: String { pick("•", "*") }
    package var ellipsis: String { pick("…", "~") }
    package var full: String { pick("█", "#") }
    package var empty: String { pick("░", "-") }
    package var thumb: String { pick("┃", "#") }
    package var separator: String { pick("·", "|") }
    package var left: String { pick("‹", "<") }
    package var right: String { pick("›", ">") }
    package var isUnicode: Bool { self == .unicode }
}
