import ContainerEngine
import Diagnosis
import Glibc
import HostFacts
import LabFile
import LabRunner
import LabSupport
import PrivateEngine

/// Whether an engine responds to this user, and what's special about it.
enum EngineProbes {
    static let all: [Probe] = [
        Probe(
            "engine.choice", Text(en: "Selected engine", zh: "所选引擎"), causes: ["docker-host-wrong", "engine-remote"], look: choice),
        Probe(
            "engine.socket", Text(en: "An engine responds", zh: "引擎有响应"), needs: ["transport.library", "engine.choice"],
            timeout: .seconds(20),
            causes: [
                "docker-socket-permission", "docker-group-not-active", "docker-daemon-not-running", "docker-not-installed",
                "docker-host-wrong", "tls-untrusted",
            ], look: EngineSocket.look),
        Probe(
            "engine.machine", Text(en: "The engine's machine", zh: "引擎所在的机器"), needs: ["engine.socket"],
            causes: ["engine-remote"], look: machine),
        Probe(
            "engine.version", Text(en: "Engine and API version", zh: "引擎与 API 版本"), needs: ["engine.socket"],
            causes: ["docker-api-version-mismatch"], look: version),
        Probe(
            "engine.kind", Text(en: "Kind of engine", zh: "引擎类型"), needs: ["engine.socket"],
            causes: ["rootless-podman"], look: kind),
        Probe(
            "engine.package", Text(en: "How the engine is installed", zh: "引擎的安装方式"), needs: ["engine.socket"],
            causes: ["docker-from-snap"], look: package),
        Probe(
            "engine.security", Text(en: "Security modules", zh: "安全模块"), needs: ["engine.socket"], causes: ["selinux-labels"],
            look: security),
        Probe(
            "engine.firewall", Text(en: "Programs for the containers' network", zh: "容器网络所需的程序"), needs: ["engine.socket"],
            causes: ["podman-nft-missing", "podman-network-program-missing"], look: PodmanNetwork.look),
        Probe(
            "engine.bridge", Text(en: "Stale interfaces on docker0", zh: "docker0 上的残留接口"), timeout: .seconds(20),
            causes: ["docker-bridge-leftovers"], look: EngineBridge.look),
        Probe(
            "engine.mtu", Text(en: "MTU of the engine's networks", zh: "引擎网络的 MTU"), needs: ["engine.socket"],
            causes: ["network-mtu"], look: EngineMTU.look),
    ]

    private static func choice(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let chosen = scene.discovery.candidates.first, chosen.isChosen else {
            return .good(Text(en: "none: ailab uses the first that responds", zh: "未指定：使用第一个有响应的引擎"))
        }
        let origin = chosen.origin.name
        switch chosen.endpoint {
        case .success(let endpoint):
            return .good(Text(verbatim: "\(origin) → \(Redaction.urls(in: endpoint.dockerHost))"))
        case .failure(let error) where error.code == .engineSSH:
            // A variable is cleared as the rule says. A context needs another command.
            guard case .context = chosen.origin, let way = scene.discovery.withdrawal else {
                return await scene.found("engine-remote", error.message.labelled(origin), concerns: [.engine])
            }
            let back = Remedy(Text(en: "Switch back to the engine of this machine.", zh: "切回本机的引擎。"), commands: [way])
            return await scene.found(
                "engine-remote", error.message.labelled(origin), concerns: [.engine], first: [back], keep: \.commands.isEmpty)
        case .failure(let error):
            let cures = error.hint.map { [Remedy($0)] } ?? []
            return await scene.found(
                "docker-host-wrong", error.message.labelled(origin), concerns: [.engine], first: cures)
        }
    }

    /// The oldest API version that has everything ailab's requests use: that of Docker 18.09.
    private static let oldestSupported = APIVersion(major: 1, minor: 39)

    private static func machine(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let docker = try await scene.docker()
        guard let host = RemoteEngine.host(endpoint: docker.endpoint, info: try await scene.info(), this: .this) else {
            return .good(Text(en: "this one", zh: "本机"))
        }
        return await scene.found("engine-remote", RemoteEngine.error(host).message, concerns: [.engine])
    }

    private static func version(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let docker = try await scene.docker()
        let version = try await docker.engineVersion()
        let name = "\(EngineKind(ping: docker.ping).name) \(SafeLines.clean(text: version.version))"
        let shown = Text(en: "\(name), API \(docker.version)", zh: "\(name)，API \(docker.version)")
        let minimum = version.minimumAPIVersion.flatMap { APIVersion($0) }
        if let minimum, minimum > docker.version {
            let measured = Text(
                en: "the engine supports API \(minimum) and later, ailab only \(docker.version)",
                zh: "引擎只支持 API \(minimum) 及以上版本，而 ailab 使用 \(docker.version)")
            return await scene.found("docker-api-version-mismatch", measured, concerns: [.engine])
        }
        guard docker.version >= oldestSupported else {
            let measured = Text(
                en: "API \(docker.version), but the lab needs \(oldestSupported) or later",
                zh: "API 版本为 \(docker.version)，而实验需要 \(oldestSupported) 或更高版本")
            return await scene.found("docker-api-version-mismatch", measured, evidence: [shown, measured], concerns: [.engine])
        }
        guard docker.version <= .newestTried else {
            return .note(
                shown.joined(
                    Text(
                        en: ", newer than those that ailab was tried with (up to \(APIVersion.newestTried))",
                        zh: "，比 ailab 测试过的版本（最高 \(APIVersion.newestTried)）更新")))
        }
        return .good(shown)
    }

    private static func kind(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let docker = try await scene.docker()
        let kind = EngineKind(ping: docker.ping, info: try await scene.info())
        guard kind.isRootless == true else {
            if kind.maker == .podman {
                return .good(Text(en: "Podman that runs as root", zh: "以 root 运行的 Podman"))
            }
            return .good(
                kind.isDesktop == true
                    ? Text(en: "Docker Desktop: uses the memory and disk of its virtual machine", zh: "Docker Desktop：使用其虚拟机的内存和磁盘")
                    : Text(en: "a regular engine that runs as root", zh: "以 root 运行的普通引擎"))
        }
        let name = try await scene.host().user.name
        let isMissing =
            !name.isEmpty
            && ["/etc/subuid", "/etc/subgid"].contains { file in
                !(scene.root.lines(file) ?? []).contains { $0.hasPrefix("\(name):") }
            }
        if isMissing, try await scene.engineIsLocal() {
            let measured = Text(
                en: "rootless, but /etc/subuid or /etc/subgid has no ID range for \(name)",
                zh: "rootless 引擎，但 /etc/subuid 或 /etc/subgid 中没有 \(name) 的 ID 区间")
            return await scene.found("rootless-podman", measured, concerns: [.containers])
        }
        return .note(
            Text(
                en: "rootless: no ports below 1024, limits only with cgroup v2, no GPU without CDI",
                zh: "rootless：不能使用 1024 以下的端口，只有 cgroup v2 才能限制资源，没有 CDI 就不能用 GPU"))
    }

    private static func package(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard try await scene.engineIsLocal() else { return .good(Text(en: "not on this machine", zh: "不在本机")) }
        let root = scene.root
        let daemons = ProcessTable.all(root: root).filter { $0.isAlive && ($0.program == "dockerd" || $0.program == "podman") }
        let data = try await scene.info().dataRoot ?? ""
        let isSnap = data.hasPrefix("/var/snap/") || daemons.contains { ($0.arguments.first ?? "").hasPrefix("/snap/") }
        guard isSnap else {
            let path = daemons.compactMap(\.arguments.first).first ?? "?"
            return .good(Text(verbatim: SafeLines.clean(text: path)))
        }
        let measured = Text(en: "docker is the snap package", zh: "docker 来自 snap 软件包")
        let hidden = !(scene.home.hasPrefix("/home/") || scene.home.hasPrefix("/root/"))
        // The snap can access only home folders. A workspace elsewhere is an empty folder in its containers.
        return await scene.found("docker-from-snap", measured, concerns: hidden ? [.workspace] : [])
    }

    private static func security(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let options = (try await scene.info()).securityOptions ?? []
        let engineLabels = options.contains { $0.hasPrefix("name=selinux") || $0 == "selinux" }
        let isEnforcing = scene.root.text("/sys/fs/selinux/enforce")?.trimmed == "1"
        if isEnforcing, engineLabels {
            let measured = Text(
                en: "SELinux is enforcing, and the engine labels its containers", zh: "SELinux 处于强制模式，并且引擎会给容器打标签")
            return await scene.found("selinux-labels", measured, fill: ["FOLDER": scene.home])
        }
        let names = options.compactMap { option in
            option.split(separator: ",").first.map { $0.hasPrefix("name=") ? String($0.dropFirst(5)) : String($0) }
        }
        let modules = isEnforcing ? names + ["selinux (host)"] : names
        guard !modules.isEmpty else { return .note(Text(en: "none: containers run without a security profile", zh: "无：容器没有安全配置")) }
        return .good(Text(verbatim: SafeLines.clean(text: modules.joined(separator: ", "))))
    }
}

extension EngineCandidate.Origin {
    /// A name for where the candidate was found. It's the same in both languages.
    var name: String {
        switch self {
        case .dockerHost: "DOCKER_HOST"
        case .context(let name): "docker context \(SafeLines.clean(text: name))"
        case .defaultSocket: "/var/run/docker.sock"
        case .rootlessDocker: "rootless docker"
        case .dockerDesktop: "Docker Desktop"
        case .rootlessPodman: "rootless podman"
        case .podman: "podman"
        case .ailab: "ailab"
        }
    }
}
