package import ContainerEngine
import LabSupport

/// A swarm that a workspace began on its engine. Its labels prove that, also after a run was killed.
package struct OwnSwarm: Sendable {
    /// A network of this machine that the engine makes for its first swarm, and keeps afterwards.
    private static let bridge = "docker_gwbridge"

    package let swarm: Swarm
    private let docker: DockerClient
    private let workspace: String

    /// The swarm that this workspace began. Nil if the engine is in none, or in somebody else's.
    package static func find(_ docker: DockerClient, workspace: String) async throws -> OwnSwarm? {
        guard case .manager(let swarm) = try await docker.swarmMembership() else { return nil }
        return OwnSwarm(swarm, docker, workspace: workspace)
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

    private static func used(by user: Text) -> LabError {
        LabError(
            .swarmUsed,
            Text(en: "The swarm that ailab began stays, because \(user.en).", zh: "ailab 创建的 swarm 被保留：\(user.zh)。"),
            hint: Text(
                en: "When nobody needs it any more: `docker swarm leave --force`.", zh: "不再需要时执行：`docker swarm leave --force`。"))
    }
}
