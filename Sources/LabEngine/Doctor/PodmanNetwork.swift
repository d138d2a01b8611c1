import ContainerEngine
import HostFacts
import LabFile
import LabSupport

/// The programs without which Podman's containers have no network. Debian only recommends their packages.
enum PodmanNetwork {
    static func look(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let docker = try await scene.docker()
        let kind = EngineKind(ping: docker.ping, info: try await scene.info())
        let major = (docker.ping.libpodVersion ?? "").split(separator: ".").first.flatMap { Int($0) } ?? 0
        guard kind.maker == .podman, try await scene.engineIsLocal() else {
            return .moot(Text(en: "the engine brings what it needs", zh: "引擎自带所需组件"))
        }
        return kind.isRootless == true ? await ofUser(scene, major) : await ofRoot(scene, major)
    }

    /// An ordinary user's containers reach the network through a program that speaks for them.
    private static func ofUser(_ scene: DoctorScene, _ major: Int) async -> ProbeVerdict {
        let chosen = settings(scene).last { $0.hasPrefix("default_rootless_network_cmd") }
        let usual = major >= 5 ? "pasta" : "slirp4netns"
        let name = chosen.map { line in programs.first { line.contains("\"\($0)\"") } ?? usual } ?? usual
        if let path = find(name, scene) { return .good(Text(verbatim: path)) }
        return await scene.found(
            "podman-network-program-missing", Text(en: "Podman needs `\(name)`, which isn't installed", zh: "Podman 需要 `\(name)`，但没有安装"),
            concerns: [.containers])
    }

    private static let programs = ["pasta", "slirp4netns"]

    /// From version 5 on, the network program of root's containers uses nftables, whose command is a package of its own.
    private static func ofRoot(_ scene: DoctorScene, _ major: Int) async -> ProbeVerdict {
        guard major >= 5 else { return .moot(Text(en: "the engine brings what it needs", zh: "引擎自带所需组件")) }
        if let path = find("nft", scene) { return .good(Text(verbatim: path)) }
        if settings(scene).contains(where: { $0.hasPrefix("firewall_driver") && !$0.contains("nftables") }) {
            return .good(Text(en: "set to another firewall", zh: "已设置为使用其他防火墙"))
        }
        return await scene.found(
            "podman-nft-missing", Text(en: "Podman needs `nft`, which isn't installed", zh: "Podman 需要 `nft`，但没有安装"),
            concerns: [.containers])
    }

    /// Podman also looks in folders of its own.
    private static func find(_ name: String, _ scene: DoctorScene) -> String? {
        let own = ["/usr/local/libexec/podman", "/usr/local/lib/podman", "/usr/libexec/podman", "/usr/lib/podman"]
        let path = [scene.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"] + own
        return ExecutableLookup(path: path.joined(separator: ":"), below: scene.root.real("")).find(name)
    }

    /// The lines of the settings. If several set the same, the last one counts.
    private static func settings(_ scene: DoctorScene) -> [Substring] {
        let own = scene.environment["XDG_CONFIG_HOME"] ?? HomeFolder.path(scene.environment) + "/.config"
        let files = ["/usr/share/containers", "/etc/containers", "\(own)/containers"].flatMap { folder in
            ["\(folder)/containers.conf"] + scene.root.names(in: "\(folder)/containers.conf.d").map { "\(folder)/containers.conf.d/\($0)" }
        }
        return files.flatMap { scene.root.lines($0) ?? [] }.map(\.trimmed)
    }
}
