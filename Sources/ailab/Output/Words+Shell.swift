import LabFile
import LabRunner
import LabSupport

extension Words {
    func shellReady(_ container: String) -> String {
        pick(
            "Shell in \(container): `exit` or Ctrl-D ends it, Ctrl-P Ctrl-Q leaves it running. `ailab attach` enters it from any terminal.",
            "容器 \(container) 中的 shell：输入 `exit` 或按 Ctrl-D 结束；按 Ctrl-P Ctrl-Q 离开但不结束；在任意终端用 `ailab attach` 进入。")
    }

    /// The first line above a shell that the walkthrough opens.
    func shellBegins(_ container: String) -> String {
        pick(
            "Shell in \(container): `exit` or Ctrl-D ends it and brings you back to the lab. Ctrl-P Ctrl-Q leaves it running.",
            "容器 \(container) 中的 shell：输入 `exit` 或按 Ctrl-D 结束并回到实验界面；按 Ctrl-P Ctrl-Q 离开但不结束。")
    }

    func shellEnded(_ code: Int) -> String { pick("The shell ended with exit code \(code).", "shell 已结束，退出码 \(code)。") }

    func shellLeft(_ container: String) -> String {
        pick(
            "You left \(container). It's still running, and the run waits for it. `ailab attach` brings you back in, `exit` there ends it, "
                + "and `ailab stop` ends the whole run.",
            "你已离开 \(container)，它仍在运行，本次运行会等待它。`ailab attach` 可重新进入，在其中输入 `exit` 可结束它；`ailab stop` 结束整个运行。")
    }

    func shellLost(_ container: String) -> String {
        pick(
            "Lost the connection to \(container). It's still running: `ailab attach` brings you back in.",
            "与 \(container) 的连接中断了，它仍在运行。`ailab attach` 可重新进入。")
    }

    func shellUnattached(_ container: String, _ engine: EngineConnected?) -> String {
        let text = Text(
            en:
                "The run is waiting for this shell. `ailab attach` or `docker start -ai \(container)` enters it; `ailab stop` ends the run.",
            zh: "本次运行仍在等待这个 shell：可用 `ailab attach` 或 `docker start -ai \(container)` 进入，用 `ailab stop` 结束运行。")
        return (engine?.spoken(text) ?? text)[language]
    }

    func reset(_ task: TaskID, _ removed: [String]) -> String {
        let what = removed.isEmpty ? "" : pick(": ", "：") + Text.words(removed)[language]
        return pick("↺ \(task) was reset\(what)", "↺ \(task) 已重置\(what)")
    }
}
