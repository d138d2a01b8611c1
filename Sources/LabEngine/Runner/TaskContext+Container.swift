import ContainerEngine
import HostFacts
import LabFile
import LabSupport

extension TaskContext {
    /// Runs a container to its end. Any exit code except 0 is a failure.
    func run(_ spec: LabContainer) async throws {
        let claim = try await claim(spec)
        let code = try await withLimit(spec.timeout, what: spec.name) {
            try await followToEnd(claim)
        } onGiveUp: {
            try? await docker.stopContainer(claim.id, grace: .seconds(5))
        }
        guard code == 0 else { throw try await exitError(claim.id, spec.name, code) }
    }

    /// A container that this task may use.
    struct Claim: Sendable {
        var id: String
        var isNew: Bool
        var container: LabContainer
        /// The folders that it was created with.
        var mounts: [ContainerMount] = []
    }

    /// Gets the container's name. It takes over a container that an interrupted run of the same task left running. It replaces a container
    /// that ailab made in this workspace. It touches no other container. `isFresh` means that it takes over none. `adjust` changes what a lab
    /// can't say.
    func claim(
        _ spec: LabContainer, terminal: Bool = false, isFresh: Bool = false, adjust: (inout ContainerConfig) -> Void = { _ in }
    ) async throws -> Claim {
        if let existing = try await docker.containerIfPresent(spec.name) {
            let labels = existing.config.labels ?? [:]
            guard Label.isOwn(spec.name, labels, workspace: run.workspace.id) else { throw await nameTaken(spec.name, by: existing) }
            // A script can't be distinguished from a student's typing, so only a shell can take over a shell.
            let sameKind = existing.config.hasTerminal ?? false == terminal
            let isMade = made.withLock { $0.contains(existing.id) }
            let sameWork = isMade || labels[Label.fingerprint] == fingerprint && sameKind && !run.options.force && !abandons.withLock { $0 }
            let maker = labels[Label.run].flatMap { Int($0) }
            // A server and a shell haven't done their work when they end.
            let mayHaveEnded = if case .run = task.action { true } else { false }
            if !isFresh, sameWork, existing.state.isRunning || mayHaveEnded && hasEndedWell(existing, of: maker, isMade) {
                followsSurvivor.withLock { $0 = isMade }
                emit(.reattached(Reattached(container: spec.name, run: maker)))
                return Claim(id: existing.id, isNew: false, container: spec)
            }
            try await docker.removeContainer(existing.id, force: true)
        }
        // If a folder is missing, the engine would create it, owned by root.
        for folder in spec.workspaceFolders { try run.workFile(folder).makeDirectory() }
        var config = try run.config(spec, image: try await image(of: spec), terminal: terminal)
        adjust(&config)
        config.labels = labels.merging([Label.container: spec.name]) { _, own in own }
        // Downloads inside need the proxy, as in a build. It's added here and not to the shown command, because it may contain a password.
        config.environment.merge(run.network.proxyVariables) { own, _ in own }
        let docker = try await docker
        // Last, because a container of another task may change these folders meanwhile.
        config.mounts = try run.realMounts(spec)
        let container = try await docker.createContainer(config, name: spec.name)
        made.withLock { _ = $0.insert(container.id) }
        followsSurvivor.withLock { $0 = false }
        // The checks judge this container's output, not that of an earlier attempt.
        if isRepeated { transcript.withLock { $0 = Transcript() } }
        created(.container, spec.name, id: container.id)
        return Claim(id: container.id, isNew: true, container: spec, mounts: config.mounts)
    }

    /// The container did its work while no runner was there, because the runner that started it was killed, or while the engine was away.
    /// An exit code other than 0 may come from the engine, which stops containers when it stops.
    private func hasEndedWell(_ container: ContainerDetails, of maker: Int?, _ isMade: Bool) -> Bool {
        guard container.state.status == .exited, container.state.exitCode == 0, let maker else { return false }
        return isMade || abandonedBy.contains(maker)
    }

    /// Starts a new container, passes on everything that it prints, and returns its exit code. Cancelling stops the container.
    func followToEnd(_ claim: Claim) async throws -> Int {
        let docker = try await docker
        return try await cleaningUpOnCancel {
            let wait = try await docker.beginWait(claim.id, for: claim.isNew ? .nextExit : .notRunning)
            if claim.isNew { try await start(claim) }
            return try await end(of: claim, wait)
        } cleanup: {
            try? await docker.stopContainer(claim.id, grace: .seconds(5))
        }
    }

    /// Passes on what a running container prints, and waits for its exit code. The engine may lose the end: then nothing more comes, neither
    /// output nor a response. So this also looks at the container's state now and then.
    private func end(of claim: Claim, _ wait: ContainerWait) async throws -> Int {
        let docker = try await docker
        let pieces = Locked(0)
        return try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await passOn(docker, claim.id) { pieces.withLock { $0 += 1 } }
                return try await wait.exitCode()
            }
            group.addTask {
                var seen = -1
                while true {
                    try await Task.sleep(for: Self.lookPause)
                    // An engine that doesn't answer has its own error: the two streams above end.
                    guard let state = try? await docker.containerIfPresent(claim.id)?.state,
                        state.status == .exited || state.status == .dead
                    else { continue }
                    let now = pieces.withLock { $0 }
                    if now == seen {
                        tellCutLog(claim.container.name)
                        return state.exitCode
                    }
                    seen = now
                }
            }
            defer { group.cancelAll() }
            guard let code = try await group.next() else { throw CancellationError() }
            return code
        }
    }

    /// Between two looks at a container whose end may have been lost.
    private static let lookPause: Duration = .seconds(10)

    private func tellCutLog(_ name: String) {
        let seconds = Self.lookPause.components.seconds
        notice(
            "container.logCut",
            Text(
                en:
                    "\(name) has ended, but the engine kept its log open for \(seconds) seconds without output. Its last lines may be missing.",
                zh: "\(name) 已结束，但引擎保持日志连接并有 \(seconds) 秒没有任何内容。最后几行输出可能缺失。"),
            level: .warning)
    }

    /// The meaning of an exit code, with the end of the container's output.
    func exitError(_ id: String, _ name: String, _ code: Int) async throws -> LabError {
        let state = try? await docker.inspectContainer(id).state
        let cause = transcript.withLock { $0.last(12) }
        if state?.wasOutOfMemory == true {
            return LabError(
                .containerOutOfMemory,
                Text(en: "The kernel killed \(name) because it used too much memory.", zh: "\(name) 占用内存过多，被内核终止。"),
                hint: Text(
                    en: "Give it more memory, or reduce its memory use (for example with a smaller batch).",
                    zh: "请给它更多内存，或减少用量（例如减小 batch）。"),
                cause: cause, exitCode: code)
        }
        return LabError(
            .containerExit, Text(en: "\(name) exited with code \(code).", zh: "\(name) 以退出码 \(code) 结束。"),
            hint: Text(en: "The reason is a few lines above.", zh: "原因见上方几行输出。"), cause: cause, exitCode: code)
    }
}
