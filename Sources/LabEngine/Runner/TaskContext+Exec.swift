import ContainerEngine
import LabSupport

extension TaskContext {
    /// Runs a command in a container, writes its output to the log, and returns the exit code. Cancelling kills the command. Otherwise it
    /// would continue without a reader.
    func execute(_ command: [String], in container: String, user: String? = nil) async throws -> Int {
        var config = ExecConfig(command)
        config.user = user
        let docker = try await docker
        // The engine forgets its commands when it restarts, but with live-restore they go on.
        if let left = lastExec.withLock({ $0 }) { await docker.endLeftover(left) }
        let exec = try await docker.createEndableExec(container, config)
        // Only a command that has been started can still be running.
        try Task.checkCancellation()
        lastExec.withLock { $0 = exec }
        return try await cleaningUpOnCancel {
            for try await chunk in try await docker.startExec(exec.id) {
                output(chunk.bytes, chunk.channel == .stderr ? .stderr : .stdout)
            }
            return try await docker.exitCode(ofExec: exec.id)
        } cleanup: {
            if await !docker.end(exec) { tellLeft(command, in: container) }
        }
    }

    private func tellLeft(_ command: [String], in container: String) {
        let name = SafeLines.clean(text: command.first ?? "")
        notice(
            "exec.left",
            Text(
                en: "`\(name)` may still be running in \(container), because ailab couldn't end it. `docker top \(container)` shows it, "
                    + "`docker restart \(container)` ends it.",
                zh: "`\(name)` 可能仍在容器 \(container) 中运行，无法结束它。`docker top \(container)` 可查看，`docker restart \(container)` 可结束它。"),
            level: .warning)
    }

    func execError(_ command: [String], _ code: Int) -> LabError {
        LabError(
            .execExit,
            Text(en: "`\(command.first ?? "")` exited with code \(code).", zh: "`\(command.first ?? "")` 以退出码 \(code) 结束。"),
            hint: Text(en: "The reason is a few lines above.", zh: "原因见上方几行输出。"),
            cause: transcript.withLock { $0.last(12) }, exitCode: code)
    }
}
