import ContainerEngine
import Diagnosis
import HostFacts
import LabSupport
import PrivateEngine

/// A daemon that was killed leaves the ends of its containers' cables on the bridge. The next one gives the same addresses out again.
enum EngineBridge {
    static func look(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let ports = scene.root.names(in: "/sys/class/net/docker0/brif")
        guard !ports.isEmpty else { return .good(Text(en: "nothing is left over on docker0", zh: "docker0 上没有残留")) }
        guard try await scene.search().found != nil else { return await leftOver(BridgeLeftovers(root: scene.root).found(), scene) }
        let daemons = ProcessTable.all(root: scene.root).filter { $0.isAlive && $0.program == "dockerd" }
        guard try await scene.engineIsLocal(), daemons.count <= 1 else {
            return .good(Text(en: "docker0 may be another engine's", zh: "docker0 可能属于另一个引擎"))
        }
        // What comes and goes meanwhile is nobody's left-over: only ends that stay alone through two looks are.
        var left = try await unused(scene)
        if !left.isEmpty {
            try await Task.sleep(for: .milliseconds(300))
            let again = Set(try await unused(scene))
            left = left.filter(again.contains)
        }
        return await leftOver(left, scene)
    }

    private static func leftOver(_ left: [String], _ scene: DoctorScene) async -> ProbeVerdict {
        guard !left.isEmpty else { return .good(Text(en: "nothing is left over on docker0", zh: "docker0 上没有残留")) }
        let list = Text.words(left)
        let measured = Text(
            en: "\(left.count) ports on docker0 belong to no running container: \(list.en)",
            zh: "docker0 上有 \(left.count) 个端口不属于任何运行中的容器：\(list.zh)")
        let cure = Remedy(
            Text(en: "Take the dead ends off the bridge; running containers keep theirs.", zh: "把失效的接口从网桥上删除；运行中的容器不受影响。"),
            commands: left.map { "sudo ip link delete \($0)" }, needs: [.root],
            changes: Text(en: "Those network interfaces are gone.", zh: "这些网络接口会被删除。"),
            undo: Text(en: "It cannot be taken back, and nothing needs them.", zh: "无法撤销，也没有程序需要它们。"))
        return await scene.found("docker-bridge-leftovers", measured, first: [cure])
    }

    /// Ports of the bridge without a running container; none where a container's own end cannot be read, as without root.
    private static func unused(_ scene: DoctorScene) async throws -> [String] {
        let ports = scene.root.names(in: "/sys/class/net/docker0/brif")
        let all = try await scene.docker().listContainers()
        return try await usedPorts(scene, all.map(\.id)).map { used in ports.filter { !used.contains($0) } } ?? []
    }

    /// The host's ends of the cables of running containers: the other end's number stands in the container's own `/sys`. Nil where one
    /// cannot be read.
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

/// What a process sees of the network.
enum NetworkNamespace {
    /// The numbers of the interfaces at the other ends of a process's virtual cables; nil where they cannot be read.
    ///
    /// A container's own `/sys`, seen through its root, is that of its network namespace.
    static func peers(ofProcess pid: Int, root: HostRoot) -> Set<String>? {
        let folder = "/proc/\(pid)/root/sys/class/net"
        let names = root.names(in: folder)
        guard !names.isEmpty else { return nil }
        return Set(names.compactMap { root.text("\(folder)/\($0)/iflink")?.trimmed }.map(String.init))
    }
}
