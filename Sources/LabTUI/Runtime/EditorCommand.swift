/// The student's editor, opened at a line if it's known how it takes one.
package struct EditorCommand: Sendable {
    private enum Form {
        /// `vi +12 FILE`
        case plus
        /// `hx FILE:12`
        case colon
        /// `code -g FILE:12`
        case goto
        /// `vi FILE`
        case plain
    }

    private let editor: [String]

    /// The program with its own arguments.
    package init(_ editor: [String]) { self.editor = editor }

    package func words(_ path: String, line: Int?) -> [String] {
        guard let line, line > 0 else { return editor + [path] }
        switch form {
        case .plus: return editor + ["+\(line)", path]
        case .colon: return editor + ["\(path):\(line)"]
        case .goto: return editor + ["-g", "\(path):\(line)"]
        case .plain: return editor + [path]
        }
    }

    private var form: Form {
        let name = editor.first?.split(separator: "/").last.map(String.init) ?? ""
        switch name {
        case "vi", "vim", "nvim", "gvim", "view", "vim.tiny", "vim.basic", "nano", "pico", "rnano", "emacs", "emacsclient", "micro", "joe",
            "jed", "mg", "kak", "ne", "mcedit", "gedit", "sensible-editor":
            return .plus
        case "hx", "helix", "zed", "subl": return .colon
        case "code", "code-insiders", "codium", "vscodium", "cursor": return .goto
        default: return .plain
        }
    }
}
