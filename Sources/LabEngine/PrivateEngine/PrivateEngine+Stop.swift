import Glibc
import HostFacts
import LabSupport

extension PrivateEngine {
    /// Stops the engine, its containers and its helper processes. Returns true if any of them ran. Safe to call at any time.
    @discardableResult
    package func stop() async throws -> Bool {
        guard root.exists(layout.folder) else { return false }
        guard geteuid() == 0 else {
            throw LabError(
                .engineNotRoot, Text(en: "Only root can stop the engine.", zh: "只有 root 才能停止引擎。"),
                hint: Text(en: "Run `sudo ailab engine stop`.", zh: "请运行 `sudo ailab engine stop`。"))
        }
        let lock = try EngineLock(layout)
        defer { lock.release() }
        let ending = EngineEnding(layout: layout, root: root, timeout: options.stopTimeout)
        var found = false
        if let process = ownProcess() {
            found = true
            await ending.end(process.pid)
        }
        if await ending.endHelpers() { found = true }
        ending.unmountLeftovers()
        if let left = ending.helpers().first {
            throw LabError(
                .engineStopFailed,
                Text(
                    en: "A process of the engine did not end: \(left.program), pid \(left.pid).",
                    zh: "无法结束引擎的进程：\(left.program)，pid \(left.pid)。"),
                hint: Text(
                    en: "It may be waiting for a disk that doesn't respond. If the process stays, restart the machine.",
                    zh: "它可能在等待没有响应的磁盘。如果一直如此，请重启机器。"))
        }
        for path in [layout.pidFile, layout.socket, layout.record] { unlink(path) }
        return found
    }
}
