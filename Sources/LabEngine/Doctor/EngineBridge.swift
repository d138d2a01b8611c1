import ContainerEngine
import Diagnosis
import HostFacts
import LabSupport
import PrivateEngine

/// Finds stale interfaces on docker0.
///
/// A daemon that is killed leaves the host's ends of its containers' veth pairs on the bridge. The next daemon assigns the same addresses
/// again.
enum EngineBridge {
    static func look(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let ports = scene.root.names(in: "/sys/class/net/docker0/brif")
        guard !ports.isEmpty else { return .good(Text(en: "no stale interfaces on docker0", zh: "docker0 上没有残留接口")) }
        guard try await scene.search().found != nil else { return await leftOver(BridgeLeftovers(root: scene.root).found(), scene) }
        let daemons = ProcessTable.daemons(root: scene.root)
        guard try await scene.engineIsLocal(), daemons.count <= 1 else {
            return .good(Text(en: "docker0 may belong to another engine", zh: "docker0 可能属于另一个引擎"))
        }
        // A container may start or stop while this looks. Only an interface that has no container twice in a row is stale.
        var left = try await unused(scene)
        if !left.isEmpty {
            try await Task.sleep(for: .milliseconds(300))
            let again = Set(try await unused(scene))
            left = left.filter(again.contains)
        }
        return await leftOver(left, scene)
    }

    private static func leftOver(_ left: [String], _ scene: DoctorScene) async -> ProbeVerdict {
        guard !left.isEmpty else { return .good(Text(en: "no stale interfaces on docker0", zh: "docker0 上没有残留接口")) }
        let list = Text.words(left)
        let measured = Text(
            en: "\(left.count) interfaces on docker0 belong to no running container: \(list.en)",
            zh: "docker0 上有 \(left.count) 个接口不属于任何运行中的容器：\(list.zh)")
        let cure = Remedy(
            Text(
                en: "Delete the stale interfaces. This doesn't affect running containers.", zh: "删除网桥上的残留接口，运行中的容器不受影响。"),
            commands: left.map { "sudo ip link delete \($0)" }, needs: [.root],
            changes: Text(en: "Deletes these network interfaces.", zh: "删除这些网络接口。"),
            undo: Text(en: "You can't undo this, but nothing needs these interfaces.", zh: "无法撤销，但没有程序需要这些接口。"))
        return await scene.found("docker-bridge-leftovers", measured, first: [cure])
    }

    /// Interfaces on the bridge without a running container. Empty if a container's end can't be read, which needs root.
    private static func unused(_ scene: DoctorScene) async throws -> [String] {
        let ports = scene.root.names(in: "/sys/class/net/docker0/brif")
        let all = try await scene.docker().listContainers()
        return try await usedPorts(scene, all.map(\.id)).map { used in ports.filter { !used.contains($0) } } ?? []
    }

    /// The host's ends of the running containers' veth pairs. A container's `/sys` has the number of the other end. Nil if one can't be
    /// read.
    private static func usedPorts(_ scene: DoctorScene, _ containers: [String]) async throws -> Set<String>? {
        let docker = try await scene.docker()
        var peers: Set<String> = []
        for id in containers {
            guard let pid = try await docker.containerIfPresent(id)?.state.pid, pid > 0 else { return nil }
            guard let numbers = NetworkNamespace.peers(ofProcess: pid, root: scene.root) else { return nil }
            peers.formUnion(numbers)
        }
        let ports = scene.root.names(in: "/sys/class/net/docker0/brif")
        return Set(ports.filter { scene.root.text("/sys/class/net/\($0)/ifindex").map { peers.contains(String($0.trimmed)) } ?? false })
    }
}
