import CTerminal
import Glibc
package import LabSupport

/// A program that uses the terminal for a while, such as the student's editor.
package enum ForegroundProgram {
    /// Runs the program and blocks the thread until it exits. Throws if the exit code isn't 0.
    package static func run(_ arguments: [String]) throws(LabError) {
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        words.append(nil)
        defer { words.forEach { free($0) } }
        let code = ct_run_foreground(&words)
        guard code != 0 else { return }
        let name = arguments.first ?? ""
        let message =
            code < 0
            ? Text(en: "Can't start `\(name)`.", zh: "无法启动 `\(name)`。")
            : Text(en: "`\(name)` exited with code \(code).", zh: "`\(name)` 已退出，退出码为 \(code)。")
        throw LabError(
            .editorFailed, message,
            hint: Text(en: "Set EDITOR to an installed editor, such as nano or vi.", zh: "请把 EDITOR 设为已安装的编辑器，例如 nano 或 vi。"))
    }
}
