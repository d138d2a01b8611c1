import Glibc
package import HostFacts
package import LabSupport

/// Carries a plan out: one command after the other, its output passed on harmlessly, and then the look that failed before once more.
package struct RemedyRunner: Sendable {
    /// What happens meanwhile.
    package enum Event: Sendable, Equatable {
        /// Another program changes packages: it is waited for, not ended.
        case waiting(for: AptLock.Holder)
        /// The daemon's configuration was copied before it is edited.
        case backedUp(path: String, copy: String)
        case command(String)
        /// A line that a command printed, made harmless.
        case output(String)
        /// The edited configuration could not be read and was put back.
        case restored(path: String)
        /// The look that failed is done again.
        case verifying
    }

    /// What came of it.
    package enum Outcome: Sendable, Equatable {
        /// The look that failed holds now.
        case cured
        /// All commands went well, and the look still fails.
        case notCured
        /// All commands went well; they count from the next login on.
        case afterLogin
        /// A command failed, or was not to be run.
        case failed(LabError)
    }

    /// The outcome, and the environment as `export` and `unset` among the commands left it.
    package struct Result: Sendable, Equatable {
        package var outcome: Outcome
        package var environment: [String: String]
    }

    /// Longest waits.
    package struct Limits: Sendable {
        package var lock: Duration
        package var command: Duration

        package init(lock: Duration = .seconds(600), command: Duration = .seconds(3600)) {
            self.lock = lock
            self.command = command
        }
    }

    private let environment: [String: String]
    private let limits: Limits
    private let root: HostRoot
    /// The file of this program, for commands that begin with its name.
    private let program: String?

    package init(
        environment: [String: String], limits: Limits = Limits(), root: HostRoot = .machine, program: String? = OwnProgram.path
    ) {
        self.environment = environment
        self.limits = limits
        self.root = root
        self.program = program
    }

    /// Runs a plan and looks again. `verify` is the very look that failed; it gets the environment that the commands left.
    package func run(
        _ plan: RemedyPlan, onEvent: @escaping @Sendable (Event) -> Void,
        verify: @Sendable ([String: String]) async throws -> Bool
    ) async throws -> Result {
        var environment = environment
        if let obstacle = plan.obstacle { return Result(outcome: .failed(Self.refusal(obstacle)), environment: environment) }
        do {
            for command in plan.commands { try await perform(command, &environment, onEvent) }
            if plan.remedy.needs.contains(.relogin) { return Result(outcome: .afterLogin, environment: environment) }
            onEvent(.verifying)
            return Result(outcome: try await verify(environment) ? .cured : .notCured, environment: environment)
        } catch let error as LabError {
            return Result(outcome: .failed(error), environment: environment)
        }
    }

    /// Runs a plan, without the look behind it: for whoever verifies by doing the step again. `cured`: all commands went well.
    package func perform(_ plan: RemedyPlan, onEvent: @escaping @Sendable (Event) -> Void) async throws -> Result {
        try await run(plan, onEvent: { if $0 != .verifying { onEvent($0) } }, verify: { _ in true })
    }

    private func perform(_ command: String, _ environment: inout [String: String], _ onEvent: @escaping @Sendable (Event) -> Void)
        async throws
    {
        onEvent(.command(command))
        if Self.changesEnvironment(command, &environment) { return }
        guard !Self.isLostOnShell(command) else {
            throw LabError(
                .cureRefused,
                Text(
                    en: "`\(command)` has no effect here: the variable ends with the shell that sets it.",
                    zh: "`\(command)` 设置的变量不会保留到它自己的 shell 之外。"))
        }
        if AptLock.concerns(command) { try await waitForLock(onEvent) }
        guard DaemonFile.isEdited(by: command) else { return try await execute(command, environment, onEvent) }
        let file = DaemonFile("/etc/docker/daemon.json", environment: environment)
        let copy = try file.copy()
        if let copy { onEvent(.backedUp(path: file.path, copy: copy)) }
        do {
            try await execute(command, environment, onEvent)
            if Files.exists(file.path) { try await file.validate(file.path) }
        } catch {
            try file.restore(copy)
            onEvent(.restored(path: file.path))
            throw error
        }
    }

    private func execute(_ command: String, _ environment: [String: String], _ onEvent: @escaping @Sendable (Event) -> Void) async throws {
        var environment = environment
        environment["DEBIAN_FRONTEND"] = "noninteractive"
        // No terminal stands behind it, so sudo must not ask; `ailab` is this very program, wherever it lies.
        var script = command.replacing("sudo ", with: "sudo -n ")
        if let program {
            script = "ailab() { \"\(program)\" \"$@\"; }\n" + script.replacing("sudo -n ailab ", with: "sudo -n \"\(program)\" ")
        }
        let child = ChildCommand("/bin/sh", ["-c", script], environment: environment, timeout: limits.command)
        let result = try await ChildProcess.run(child) { onEvent(.output(SafeLines.clean(text: $0.text))) }
        guard result.exitCode != 0 else { return }
        throw LabError(
            .cureCommand,
            Text(en: "`\(command)` ended with exit code \(result.exitCode).", zh: "`\(command)` 以退出码 \(result.exitCode) 结束。"),
            cause: SafeLines.clean(text: result.tail.suffix(8).joined(separator: "\n")), exitCode: result.exitCode)
    }

    /// An `export` whose value only a shell could make out, and nothing behind it in the same shell.
    private static func isLostOnShell(_ command: String) -> Bool {
        command.hasPrefix("export ") && !command.contains { ";&|\n".contains($0) }
    }

    /// `export A=b` and `unset A` count for what comes after them, and for the look. False for what a shell would have to expand.
    static func changesEnvironment(_ command: String, _ environment: inout [String: String]) -> Bool {
        let words = command.split(separator: " ").map(String.init)
        guard let first = words.first, words.count > 1, !command.contains(where: { ";&|`$\"'~".contains($0) }) else { return false }
        switch first {
        case "unset": for name in words.dropFirst() { environment[name] = nil }
        case "export":
            for pair in words.dropFirst() {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                if parts.count == 2 { environment[parts[0]] = parts[1] }
            }
        default: return false
        }
        return true
    }

    private func waitForLock(_ onEvent: @Sendable (Event) -> Void) async throws {
        let lock = AptLock(root: root)
        let end = ContinuousClock.now + limits.lock
        var named: AptLock.Holder?
        while let holder = lock.holder {
            if holder != named { onEvent(.waiting(for: holder)) }
            named = holder
            guard ContinuousClock.now < end else { throw Self.lockHeld(holder) }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private static func lockHeld(_ holder: AptLock.Holder) -> LabError {
        LabError(
            .cureLockHeld,
            Text(
                en: "`\(holder.program)` (process \(holder.pid)) still holds \(holder.path).",
                zh: "`\(holder.program)`（进程 \(holder.pid)）仍占用 \(holder.path)。"),
            hint: Text(
                en: "ailab doesn't stop it, because that can leave packages half installed. Wait until it is done, or ask whose it is.",
                zh: "ailab 不会结束它，否则可能留下安装了一半的软件包。请等它完成，或询问它的使用者。"))
    }

    private static func refusal(_ obstacle: RemedyPlan.Obstacle) -> LabError {
        LabError(.cureRefused, Text(en: "ailab doesn't run this cure itself.", zh: "ailab 不会自行执行这种解决办法。"), cause: "\(obstacle)")
    }
}
