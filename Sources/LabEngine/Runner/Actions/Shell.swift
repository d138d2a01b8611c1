import ContainerEngine
import LabFile
import LabSupport

extension LabShellAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        try await task.shell(self)
    }

    func commands(_ equivalent: Equivalent) -> [[String]] { [equivalent.command(container, terminal: true)] }

    var imagesUsed: [String] { [container.image] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) throws -> [HashedFile] { try HashedFile.mounted(by: container, in: run) }

    var places: Set<String> { ["run", "container", "train", "host", "daemon", "build", "pull"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}

extension TaskContext {
    /// Runs an interactive container. The front end is asked to attach its terminal. Without a terminal, the script runs instead.
    fileprivate func shell(_ action: LabShellAction) async throws {
        guard run.options.terminal, !run.options.auto else { return try await runScript(action) }
        let claim = try await claim(action.container, terminal: true)
        let docker = try await docker
        let code = try await cleaningUpOnCancel {
            let wait = try await docker.beginWait(claim.id, for: claim.isNew ? .nextExit : .notRunning)
            let commands = await Equivalent(run).asking(about: task.action).commands(of: task.action)
            emit(.shellReady(ShellReady(container: action.container.name, commands: commands)))
            return try await end(of: claim.id, action.container.name, wait)
        } cleanup: {
            try? await docker.stopContainer(claim.id, grace: .seconds(2))
        }
        emit(.shellEnded(ShellEnded(exitCode: code)))
    }

    /// Waits for the container to exit. The engine's wait never returns for a container that couldn't be started or was removed, so this
    /// also looks at the container's state.
    private func end(of id: String, _ name: String, _ wait: ContainerWait) async throws -> Int {
        try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask { try await wait.exitCode() }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(1))
                    guard let container = try await docker.containerIfPresent(id) else { throw Self.removedContainer(name) }
                    // After a failed start, a container stays in the state "created", with the reason in its error.
                    if container.state.status == .created, !container.state.error.isEmpty {
                        throw Self.shellNotStarted(name, container.state.error)
                    }
                }
            }
            defer { group.cancelAll() }
            return try await group.next().flatMap { $0 } ?? 0
        }
    }

    private static func shellNotStarted(_ name: String, _ reason: String) -> LabError {
        LabError(
            .containerNotStarted, Text(en: "Can't start \(name).", zh: "容器 \(name) 无法启动。"),
            hint: Text(en: "The engine's message above says why.", zh: "原因见上方引擎的信息。"), cause: SafeLines.clean(text: reason))
    }

    /// Gives the same commands to the same shell, one by one. Each is printed before its output.
    private func runScript(_ action: LabShellAction) async throws {
        notice(
            "shell.scripted",
            Text(
                en: "There is no terminal, or --auto was given: these commands run in the shell instead.",
                zh: "没有可交互的终端（或使用了 --auto）：改为在 shell 中依次执行下列命令。"))
        var container = action.container
        let shell = container.command.first ?? "/bin/sh"
        // `set -x` would print the commands on the other stream, and so in the wrong order.
        let script = action.script.map { "echo '/ # \($0.replacing("'", with: "'\\''"))'\n\($0)" }.joined(separator: "\n")
        container.command = [shell, "-c", script]
        try await run(container)
    }
}
