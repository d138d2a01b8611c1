package import LabSupport

extension RemedyRunner.Event {
    /// What a person is told of it.
    package var text: Text {
        switch self {
        case .waiting(let holder):
            Text(
                en: "`\(holder.program)` (process \(holder.pid)) is changing packages. ailab waits until it's done and doesn't stop it.",
                zh: "`\(holder.program)`（进程 \(holder.pid)）正在修改软件包；等待它完成，不会结束它。")
        case .backedUp(let path, let copy): Text(en: "\(path) is copied to \(copy).", zh: "\(path) 已复制到 \(copy)。")
        case .command(let command): Text(verbatim: "$ \(SafeLines.clean(text: command))")
        case .output(let line): Text(verbatim: line)
        case .restored(let path):
            Text(en: "\(path) could not be read afterwards and was put back.", zh: "修改后的 \(path) 无法读取，已恢复原样。")
        case .verifying: Text(en: "Looking again …", zh: "重新检查……")
        }
    }
}
