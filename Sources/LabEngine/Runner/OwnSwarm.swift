package import ContainerEngine
package import LabSupport

/// A swarm that a workspace began on its engine. Its labels prove that, also after a run was killed.
package struct OwnSwarm: Sendable {
    /// A network of this machine that the engine makes for its first swarm, and keeps afterwards.
    private static let bridge = "docker_gwbridge"

    package let swarm: Swarm
    private let docker: DockerClient
    private let workspace: String

    /// The swarm that this workspace began. Nil if the engine is in none, or in somebody else's. Throws `swarm.unavailable` if the engine
    /// can't say.
    package static func find(_ docker: DockerClient, workspace: String) async throws -> OwnSwarm? {
        switch try await docker.swarmMembership() {
        case .none, .worker: nil
        case .manager(let swarm): OwnSwarm(swarm, docker, workspace: workspace)
        case .unusable(let word): throw unusable(word)
        }
    }

    /// Nil if somebody else began it.
    init?(_ swarm: Swarm, _ docker: DockerClient, workspace: String) {
        guard swarm.labels[Label.workspace] == workspace else { return nil }
        self.swarm = swarm
        self.docker = docker
        self.workspace = workspace
    }

    /// Begins a swarm on an engine that is in none.
    static func begin(_ docker: DockerClient, labels: [String: String]) async throws {
        let hasBridge = try await docker.networks().contains { $0.name == bridge }
        try await docker.beginSwarm(labels: labels.merging(hasBridge ? [:] : [Label.bridge: bridge]) { own, _ in own })
    }

    /// Ends the swarm. Throws `swarm.used` if somebody else uses it by now.
    package func leave() async throws {
        if let user = try await otherUser() { throw Self.used(by: user) }
        try await docker.leaveSwarm()
        guard swarm.labels[Label.bridge] != nil else { return }
        for network in try await docker.networks() where network.name == Self.bridge {
            do {
                try await docker.removeNetwork(network.id)
            } catch let error as DockerError where error.status != nil {
                // A container is connected to it. It's an empty bridge, and the next swarm uses it again.
            }
        }
    }

    private func otherUser() async throws -> Text? {
        if let service = try await docker.services().first(where: { $0.labels[Label.workspace] != workspace }) {
            return Text(en: "the service \(service.name) runs in it", zh: "其中运行着服务 \(service.name)")
        }
        if try await docker.swarmNodes().count > 1 { return Text(en: "other engines are in it", zh: "其中还有其他引擎") }
        let networks = try await docker.networks().filter { $0.driver == "overlay" && $0.name != "ingress" }
        if let network = networks.first(where: { $0.labels[Label.workspace] != workspace }) {
            return Text(en: "the network \(network.name) belongs to it", zh: "网络 \(network.name) 属于它")
        }
        // ailab makes none, so they're somebody else's, and can't be read back.
        if try await docker.hasSwarmValues() { return Text(en: "it holds secrets or configs", zh: "其中保存着 secret 或 config") }
        return nil
    }

    /// The engine is in a swarm that it can't use now. `word` is the engine's own for its state.
    package static func unusable(_ word: String) -> LabError {
        LabError(
            .swarmUnavailable,
            Text(
                en: "This engine is in a swarm, but can't use it now. Its state is `\(SafeLines.clean(text: word))`.",
                zh: "这个引擎属于一个 swarm，但目前无法使用，状态为 `\(SafeLines.clean(text: word))`。"),
            hint: word == "locked"
                ? Text(
                    en: "`docker swarm unlock` unlocks it. If nobody needs it any more: `docker swarm leave --force`.",
                    zh: "用 `docker swarm unlock` 解锁。如果不再需要它：`docker swarm leave --force`。")
                : broken)
    }

    /// The engine is in a swarm, and refuses to say anything about it.
    package static func unusable(_ error: DockerError) -> LabError {
        LabError(
            .swarmUnavailable,
            Text(en: "This engine is in a swarm, but can't use it now.", zh: "这个引擎属于一个 swarm，但目前无法使用。"),
            hint: broken, cause: error.message.isEmpty ? nil : SafeLines.clean(text: error.message), httpStatus: error.status)
    }

    private static let broken = Text(
        en: "`docker info` says more. If nobody needs the swarm any more: `docker swarm leave --force`.",
        zh: "`docker info` 有更多信息。如果不再需要这个 swarm：`docker swarm leave --force`。")

    private static func used(by user: Text) -> LabError {
        LabError(
            .swarmUsed,
            Text(en: "The swarm that ailab began stays, because \(user.en).", zh: "ailab 创建的 swarm 被保留：\(user.zh)。"),
            hint: Text(
                en: "When nobody needs it any more: `docker swarm leave --force`.", zh: "不再需要时执行：`docker swarm leave --force`。"))
    }
}
