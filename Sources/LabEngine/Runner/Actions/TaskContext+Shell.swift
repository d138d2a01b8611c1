extension TaskContext {
    /// An interactive container: the front end is asked to attach its terminal; without one the script runs instead.
    func shell(_ action: LabShellAction) async throws {
        guard run.options.terminal, !run.options.auto else { return try await runScript(action) }
        let claim = try await claim(action.container, terminal: true)
        let docker = docker
        let wait = try await docker.beginWait(claim.id, for: .nextExit)
        emit(.shellReady(ShellReady(container: action.container.name, commands: Equivalent(run).commands(of: task.action))))
        let code = try await withTaskCancellationHandlerAsync {
            try await wait.exitCode()
        } cleanup: {
            try? await docker.stopContainer(claim.id, grace: .seconds(2))
        }
        emit(.shellEnded(ShellEnded(exitCode: code)))
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
        let rows = HostSurvey.keys.map { [$0, inside[$0] ?? "?", outside[$0] ?? "?", inside[$0] == outside[$0] ? "same" : "different"] }
        for line in TextTable.lines([["", "INSIDE", "OUTSIDE", ""]] + rows) { say(line) }
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
