import ContainerEngine
import HostFacts
import LabFile
import LabSupport

extension TaskContext {
    /// An interactive container: the front end is asked to attach its terminal; without one the script runs instead.
    func shell(_ action: LabShellAction) async throws {
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

    /// Waits for the container's end, and notices where none will come: the engine tells a wait nothing of a container that could not be
    /// started or was removed.
    private func end(of id: String, _ name: String, _ wait: ContainerWait) async throws -> Int {
        try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask { try await wait.exitCode() }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(1))
                    guard let container = try await docker.containerIfPresent(id) else { throw Self.shellRemoved(name) }
                    // Failed starts leave a container as it was created, with the reason beside it.
                    if container.state.status == .created, !container.state.error.isEmpty {
                        throw Self.shellNotStarted(name, container.state.error)
                    }
                }
            }
            defer { group.cancelAll() }
            return try await group.next().flatMap { $0 } ?? 0
        }
    }

    private static func shellRemoved(_ name: String) -> LabError {
        LabError(
            "container.removed", Text(en: "\(name) was removed while it was waited for.", zh: "等待期间容器 \(name) 被删除了。"),
            hint: Text(en: "Run this sub-step again; it makes a new one.", zh: "重新运行这一小步，它会创建新的容器。"))
    }

    private static func shellNotStarted(_ name: String, _ reason: String) -> LabError {
        LabError(
            "container.notStarted", Text(en: "\(name) could not be started.", zh: "容器 \(name) 无法启动。"),
            hint: Text(en: "The engine's words above say why.", zh: "上面引擎的信息说明了原因。"), cause: SafeLines.clean(text: reason))
    }

    /// The same commands through the same shell, one after the other, each shown before its output.
    private func runScript(_ action: LabShellAction) async throws {
        notice(
            "shell.scripted",
            Text(
                en: "No terminal to hand over (or --auto): these commands are run in the shell instead.",
                zh: "没有可交互的终端（或使用了 --auto）：改为在 shell 中依次执行下列命令。"))
        var container = action.container
        let shell = container.command.first ?? "/bin/sh"
        // `set -x` would write the commands to the other stream, out of order.
        let script = action.script.map { "echo '/ # \($0.replacing("'", with: "'\\''"))'\n\($0)" }.joined(separator: "\n")
        container.command = [shell, "-c", script]
        try await run(container)
    }

    /// What a container sees of the machine beside what this process sees.
    func compare(_ spec: LabContainer) async throws {
        var container = spec
        container.command = ["/bin/sh", "-c", Self.survey]
        let outside = HostSurvey.read()
        try await run(container)
        let inside = HostSurvey.parse(transcript.withLock { $0.text })
        fact(
            "compare.table",
            Text(
                en: HostSurvey.table(inside, outside, head: ["", "INSIDE", "OUTSIDE", ""], same: "same", different: "different"),
                zh: HostSurvey.table(inside, outside, head: ["", "容器内", "容器外", ""], same: "相同", different: "不同")))
    }

    /// Facts as `key=value` lines, with nothing but a shell and /proc.
    private static let survey = """
        echo hostname=$(cat /proc/sys/kernel/hostname)
        echo processes=$(ls -d /proc/[0-9]* | wc -l)
        for n in pid mnt net uts ipc user; do echo $n=$(readlink /proc/self/ns/$n); done
        echo kernel=$(cat /proc/sys/kernel/osrelease)
        echo memory_limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null)
        """
}

/// The host's side of the comparison, read the same way.
enum HostSurvey {
    static let keys = ["hostname", "kernel", "processes", "pid", "mnt", "net", "uts", "ipc", "user", "memory_limit"]

    static func table(
        _ inside: [String: String], _ outside: [String: String], head: [String], same: String, different: String
    ) -> String {
        let rows = keys.map { [$0, inside[$0] ?? "?", outside[$0] ?? "?", inside[$0] == outside[$0] ? same : different] }
        return TextTable.text([head] + rows)
    }

    static func read(_ root: HostRoot = .machine) -> [String: String] {
        var facts: [String: String] = [:]
        facts["hostname"] = root.text("/proc/sys/kernel/hostname")?.trimmingWhitespace()
        facts["kernel"] = root.text("/proc/sys/kernel/osrelease")?.trimmingWhitespace()
        facts["processes"] = String(root.names(in: "/proc").count { $0.allSatisfy(\.isNumber) })
        for name in ["pid", "mnt", "net", "uts", "ipc", "user"] { facts[name] = Files.link("/proc/self/ns/\(name)") }
        let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        facts["memory_limit"] = limits.lazy.compactMap { root.text($0)?.trimmingWhitespace() }.first
        return facts
    }

    static func parse(_ text: String) -> [String: String] {
        var facts: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { facts[String(parts[0])] = String(parts[1]) }
        }
        return facts
    }
}
