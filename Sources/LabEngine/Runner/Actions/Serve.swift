import ContainerEngine
import InferenceServer
import LabFile
import LabSupport

extension LabServeAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        try await task.serve(self)
    }

    func commands(_ equivalent: Equivalent) -> [[String]] { [equivalent.command(container, isDetached: true)] }

    var imagesUsed: [String] { [container.image] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) throws -> [HashedFile] { try HashedFile.mounted(by: container, in: run) }

    var places: Set<String> { ["serve", "run", "container", "host", "daemon", "request"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}

extension TaskContext {
    /// Starts a server's container and waits until it answers. Meanwhile the container's log is passed on.
    /// `isFresh` means that it takes over none that runs already, and that the caller removes it whatever happens.
    @discardableResult
    func serve(_ action: LabServeAction, isFresh: Bool = false) async throws -> Claim {
        let claim = try await claim(action.container, isFresh: isFresh)
        try await cleaningUpOnCancel {
            // If a container can't be started, for example because its port is taken, it must not keep the name.
            if claim.isNew { try await start(claim, orRemove: true) }
            try await waitHealthy(action, claim)
        } cleanup: {
            if !isFresh { try? await docker.stopContainer(claim.id, grace: .seconds(5)) }
        }
        return claim
    }

    private func waitHealthy(_ action: LabServeAction, _ claim: Claim) async throws {
        let docker = try await docker
        let reader = Task { try await passOn(docker, claim.id) }
        do {
            try await poll(action, claim)
        } catch let ended as ServerEnded {
            // If the container exits, its log ends with the reason.
            await withTaskCancellationHandler {
                _ = await reader.result
            } onCancel: {
                reader.cancel()
            }
            throw try await exitError(claim.id, action.container.name, ended.exitCode)
        } catch {
            reader.cancel()
            _ = await reader.result
            throw error
        }
        reader.cancel()
        _ = await reader.result
    }

    private struct ServerEnded: Error {
        var exitCode: Int
    }

    private func poll(_ action: LabServeAction, _ claim: Claim) async throws {
        let began = ContinuousClock.now
        var last: LabError?
        while began.duration(to: .now) < .seconds(action.ready) {
            let state = try await docker.inspectContainer(claim.id).state
            guard state.isRunning else { throw ServerEnded(exitCode: state.exitCode) }
            do {
                if try await access.client(action.server).ping(timeout: .seconds(3)) { return }
            } catch {
                try Task.checkCancellation()
                last = LabError(torchServe: error)
            }
            let waited = Double(began.duration(to: .now).components.seconds)
            progress(Text(en: "Starting", zh: "启动中"), waited, of: Double(action.ready), .seconds)
            try await Task.sleep(for: .milliseconds(300))
        }
        throw LabError(
            .serveNotReady,
            Text(
                en: "The server didn't respond within \(action.ready) seconds.", zh: "服务器在 \(action.ready) 秒内没有响应。"),
            hint: Text(
                en:
                    "Its log says why: `docker logs \(action.container.name)`. If the log says that it listens, it has to do so on 0.0.0.0, and not "
                    + "only on localhost. If the engine has crashed, `ailab doctor` finds what that left behind.",
                zh: "原因在它的日志里：`docker logs \(action.container.name)`。如果日志显示它已在监听，它必须监听 0.0.0.0，而不能只监听 localhost。"
                    + "如果引擎曾经崩溃，`ailab doctor` 会找出它留下的问题。"),
            cause: last?.cause)
    }
}
