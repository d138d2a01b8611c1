import ContainerEngine
import Diagnosis
import LabFile
import LabSupport
import PrivateEngine

/// A swarm for a task.
extension TaskContext {
    /// Makes sure that the engine manages a swarm. A swarm that this workspace began, now or in a run that was killed, ends afterwards. Any
    /// other stays. `consent` is the variable with which the student allows to begin one on their own engine, or to
    /// use somebody else's.
    func withSwarm<Value: Sendable>(_ consent: String, _ body: () async throws -> Value) async throws -> Value {
        let begins = try await mustBegin(consent)
        do {
            if begins { try await beginSwarm() }
            let value = try await body()
            try await leaveSwarm()
            return value
        } catch {
            await Task.detached { try? await leaveSwarm() }.value
            throw error
        }
    }

    /// Looks what the engine is in a swarm, and asks the student if need be. Changes nothing. Returns whether a swarm must begin.
    private func mustBegin(_ consent: String) async throws -> Bool {
        let docker = try await docker
        if EngineKind(ping: docker.ping).maker == .podman { throw NotOnThisMachine(reason: Self.podman) }
        switch try await docker.swarmMembership() {
        case .manager(let swarm):
            // Its other machines may serve people.
            guard try await docker.swarmNodes().count == 1 else { throw NotOnThisMachine(reason: Self.several) }
            guard OwnSwarm(swarm, docker, workspace: run.workspace.id) == nil else { return false }
            try await askForSwarm(consent, docker, isThere: true)
            notice(
                "swarm.kept",
                Text(
                    en: "This engine is part of a swarm already. The service runs there, and the swarm stays.",
                    zh: "这个引擎已经属于一个 swarm。服务在其中运行，swarm 会保留。"))
            return false
        case .worker: throw NotOnThisMachine(reason: Self.worker)
        case .unusable(let word): throw NotOnThisMachine(reason: OwnSwarm.unusable(word))
        case .none:
            try await askForSwarm(consent, docker, isThere: false)
            return true
        }
    }

    private func beginSwarm() async throws {
        let docker = try await docker
        let labels = labels
        do {
            // The engine goes on with it even if nobody waits any more, so a cancelled task waits, too. Then the swarm can be left.
            try await Task.detached { try await OwnSwarm.begin(docker, labels: labels) }.value
        } catch let error as DockerError where error.status != nil {
            throw NotOnThisMachine(reason: Self.refused(error))
        }
        try Task.checkCancellation()
        notice("swarm.begun", Text(en: "A swarm begins on this engine. It ends with this sub-step.", zh: "在这个引擎上创建了 swarm，本小节结束时会解散。"))
    }

    private func leaveSwarm() async throws {
        do {
            let docker = try await docker
            switch try await docker.swarmMembership() {
            case .none, .worker: return
            case .manager(let swarm): try await OwnSwarm(swarm, docker, workspace: run.workspace.id)?.leave()
            case .unusable(let word):
                // Whose swarm it is can't be read now.
                let reason = OwnSwarm.unusable(word)
                notice("swarm.unusable", reason.message.followed(by: reason.hint), level: .warning)
            }
        } catch let error as LabError where error.code == .swarmUsed {
            notice("swarm.used", error.message.followed(by: error.hint), level: .warning)
        }
    }

    /// A swarm changes the engine for everybody who uses it, and one that is there already belongs to somebody. On ailab's own engine, nobody
    /// else is.
    private func askForSwarm(_ consent: String, _ docker: DockerClient, isThere: Bool) async throws {
        let isPrivate = docker.endpoint == PrivateEngineLayout.standard(environment: run.environment).endpoint
        guard !isPrivate, run.variables[consent] != Self.yes else { return }
        let retry = Retry(step: run.options.again(task.id.description), set: [consent: Self.yes])
        let reason = isThere ? Self.notAllowedThere(retry) : Self.notAllowed(retry)
        let lasts = Self.lasts(Retry(step: retry.step, set: [consent: Self.no]))
        // Nobody is there to answer.
        guard !run.options.auto else { throw NotOnThisMachine(reason: reason) }
        throw WaitsForStudent(reason, findings: [isThere ? Self.useQuestion(retry, lasts) : Self.beginQuestion(retry, lasts)])
    }

    private static func beginQuestion(_ retry: Retry, _ lasts: Text) -> Finding {
        Finding(
            cause: "swarm-not-begun", title: Text(en: "May a swarm begin on this engine?", zh: "可以在这个引擎上创建 swarm 吗？"),
            why: Text(
                en:
                    "A service needs a swarm. A swarm changes the engine for everybody who uses it, so ailab begins none without your word.",
                zh: "运行服务需要 swarm。swarm 会影响使用该引擎的所有人，所以未经你同意，ailab 不会创建。"),
            evidence: nil,
            remedies: [
                Remedy(
                    Text(en: "Allow it. The swarm ends with this sub-step.", zh: "同意。本小节结束时会解散 swarm。").followed(by: lasts),
                    retry: retry, needs: [.consent],
                    changes: Text(
                        en:
                            "The engine manages a swarm while this sub-step runs. It listens on ports 2377 and 7946 of 127.0.0.1, and the "
                            + "overlay network takes UDP port 4789 of this machine.",
                        zh: "本小节运行期间，引擎会管理一个 swarm：监听 127.0.0.1 的 2377 和 7946 端口，overlay 网络占用本机的 UDP 端口 4789。"),
                    undo: Text(en: "`docker swarm leave --force`", zh: "`docker swarm leave --force`"))
            ])
    }

    private static func useQuestion(_ retry: Retry, _ lasts: Text) -> Finding {
        Finding(
            cause: "swarm-not-allowed", title: Text(en: "May a service run in the swarm of this engine?", zh: "可以在这个引擎的 swarm 中运行服务吗？"),
            why: Text(
                en: "This engine is in a swarm that somebody else began, so ailab makes nothing in it without your word.",
                zh: "这个引擎属于一个由他人创建的 swarm，所以未经你同意，ailab 不会在其中创建任何东西。"),
            evidence: nil,
            remedies: [
                Remedy(
                    Text(
                        en: "Allow it. The service ends with this sub-step, and the swarm stays.", zh: "同意。本小节结束时会删除服务，swarm 会保留。"
                    ).followed(by: lasts),
                    retry: retry, needs: [.consent],
                    changes: Text(
                        en: "While this sub-step runs, the swarm has one more service and one more overlay network.",
                        zh: "本小节运行期间，swarm 中会多一个服务和一个 overlay 网络。"),
                    undo: Text(en: "`ailab reset`", zh: "`ailab reset`"))
            ])
    }

    /// The value with which a student allows something.
    private static let yes = "yes"
    private static let no = "no"

    private static func lasts(_ back: Retry) -> Text {
        Text(
            en: "This also counts for later runs, on every engine, until you change the setting: `\(back.command)`.",
            zh: "此同意对以后的运行和所有引擎都有效，直到你修改设置：`\(back.command)`。")
    }

    private static func notAllowed(_ retry: Retry) -> LabError {
        LabError(
            .swarmNotAllowed,
            Text(
                en: "This engine is in no swarm, and you haven't allowed ailab to begin one.", zh: "这个引擎不属于任何 swarm，而你还没有同意由 ailab 创建。"),
            hint: Text(
                en: "To allow it: `\(retry.command)`. The swarm ends with this sub-step. Or use ailab's own engine: `ailab engine start`.",
                zh: "如果同意：`\(retry.command)`。本小节结束时会解散 swarm。也可以使用 ailab 自己的引擎：`ailab engine start`。"))
    }

    private static func notAllowedThere(_ retry: Retry) -> LabError {
        LabError(
            .swarmNotAllowed,
            Text(
                en: "This engine is in somebody else's swarm, and you haven't allowed ailab to use it.",
                zh: "这个引擎属于他人创建的 swarm，而你还没有同意由 ailab 使用。"),
            hint: Text(
                en: "To allow it: `\(retry.command)`. The swarm stays. Or use ailab's own engine: `ailab engine start`.",
                zh: "如果同意：`\(retry.command)`。swarm 会保留。也可以使用 ailab 自己的引擎：`ailab engine start`。"))
    }

    private static let several = LabError(
        .swarmUnavailable,
        Text(
            en: "This engine's swarm has several nodes. ailab makes nothing in it, because it may serve people.",
            zh: "这个引擎所在的 swarm 有多个节点，可能正在为他人提供服务，所以 ailab 不会在其中创建任何东西。"),
        hint: Text(en: "Run this sub-step on another engine: `ailab engine start`.", zh: "请在另一个引擎上运行本小节：`ailab engine start`。"))

    private static let podman = LabError(
        .swarmUnavailable, Text(en: "Podman has no swarms.", zh: "Podman 没有 swarm。"),
        hint: Text(
            en: "Every Docker Engine has them. `ailab deploy --to kube` writes a manifest that `podman kube play` runs.",
            zh: "每个 Docker Engine 都有。`ailab deploy --to kube` 会写出 `podman kube play` 可以运行的清单。"))

    private static let worker = LabError(
        .swarmUnavailable,
        Text(en: "This engine is a worker of a swarm. Only a manager creates services.", zh: "这个引擎是某个 swarm 的工作节点，只有管理节点能创建服务。"),
        hint: Text(en: "Run this sub-step on another engine: `ailab engine start`.", zh: "请在另一个引擎上运行本小节：`ailab engine start`。"))

    private static func refused(_ error: DockerError) -> LabError {
        LabError(
            .swarmUnavailable, Text(en: "This engine refused to begin a swarm.", zh: "这个引擎拒绝创建 swarm。"),
            cause: error.message.isEmpty ? nil : SafeLines.clean(text: error.message), httpStatus: error.status)
    }
}
