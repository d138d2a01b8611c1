import CTerminal
import Glibc
package import LabSupport

/// A program that has the terminal for a while, such as the student's editor.
package enum ForegroundProgram {
    /// Runs it to its end; blocks the thread. Throws where it does not end with 0.
    package static func run(_ arguments: [String]) throws(LabError) {
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        words.append(nil)
        defer { words.forEach { free($0) } }
        let code = ct_run_foreground(&words)
        guard code != 0 else { return }
        let name = arguments.first ?? ""
        let message =
            code < 0
            ? Text(en: "`\(name)` could not be started.", zh: "无法启动 `\(name)`。")
            : Text(en: "`\(name)` ended with \(code).", zh: "`\(name)` 以退出码 \(code) 结束。")
        throw LabError(
            "editor.failed", message,
            hint: Text(en: "Set EDITOR to an editor that is installed, such as nano or vi.", zh: "请把 EDITOR 设为已安装的编辑器，例如 nano 或 vi。"))
    }
}
