import ContainerEngine
import Diagnosis
import HTTPTransport
import HostFacts
import LabFile
import LabSupport
import PrivateEngine

/// Finds out why no engine responds, from the system's error and from the files and processes on this machine.
enum EngineSocket {
    static func look(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let search = try await scene.search()
        if let found = search.found {
            let name = EngineKind(ping: found.ping).name
            let version = found.ping.engineVersion.map { " " + SafeLines.clean(text: $0) } ?? ""
            return .good(
                Text(
                    en: "\(name)\(version) at \(found.endpoint.dockerHost) (\(found.origin.name))",
                    zh: "\(name)\(version)，位于 \(found.endpoint.dockerHost)（\(found.origin.name)）"))
        }
        let failure = search.failure ?? LabError(.engineMissing, Text(en: "No engine responds.", zh: "没有引擎响应。"))
        let evidence = [failure.message] + (failure.cause.map { [Text(verbatim: SafeLines.clean(text: $0))] } ?? [])
        switch failure.code {
        case .enginePermission: return try await permission(scene, failure, evidence)
        case .engineNotInstalled: return await notInstalled(scene, failure, evidence)
        case .engineTLS: return await scene.found("tls-untrusted", failure.message, evidence: evidence, concerns: [.engine])
        default: return try await silent(scene, search, failure, evidence)
        }
    }

    /// If the account is in the group but the session isn't, a new login helps. If the account isn't in the group, an administrator must
    /// add it.
    private static func permission(_ scene: DoctorScene, _ failure: LabError, _ evidence: [Text]) async throws -> ProbeVerdict {
        let user = try await scene.host().user
        let owner = try await forbiddenSocket(scene).flatMap { SocketOwner.read($0, root: scene.root) }
        let group = owner?.group ?? "docker"
        var seen = evidence
        if let owner {
            seen.append(
                Text(
                    en: "\(owner.path) belongs to \(owner.user):\(owner.group), mode \(owner.mode)",
                    zh: "\(owner.path) 属于 \(owner.user):\(owner.group)，权限 \(owner.mode)"))
        }
        let groups = user.groups.joined(separator: " ")
        seen.append(Text(en: "groups of this session: \(groups)", zh: "当前会话所属的组：\(groups)"))
        if user.groupsAfterLogin.contains(group) {
            seen.append(
                Text(en: "the account \(user.name) is already in the group \(group)", zh: "账户 \(user.name) 已在 \(group) 组中"))
            return await scene.found(
                "docker-group-not-active", failure.message, evidence: seen, concerns: [.engine], fill: ["NAME": group])
        }
        // If the socket's mode excludes its group, only a change of the mode helps.
        guard owner?.admitsGroup ?? true, owner?.group != "root" else {
            let path = owner?.path ?? "/var/run/docker.sock"
            let mode = Remedy(
                Text(
                    en: "No group can access the socket. Give it to the group docker, as the package does.",
                    zh: "没有任何组能访问该套接字。按软件包的做法，把它交给 docker 组。"),
                commands: ["sudo chgrp docker \(path)", "sudo chmod 660 \(path)"], needs: [.root],
                changes: Text(en: "The group and the mode of \(path).", zh: "\(path) 的所属组和权限。"),
                undo: Text(
                    en: "Nothing to do: the daemon resets this when it creates the socket again.", zh: "无需操作：守护进程重建套接字时会还原。"))
            return await scene.found("docker-socket-permission", failure.message, evidence: seen, concerns: [.engine], first: [mode])
        }
        return await scene.found(
            "docker-socket-permission", failure.message, evidence: seen, concerns: [.engine])
    }

    private static func forbiddenSocket(_ scene: DoctorScene) async throws -> String? {
        for attempt in try await scene.search().attempts {
            guard case .failure(let error) = attempt.result, error.code == .enginePermission,
                case .success(.unix(let path)) = attempt.candidate.endpoint
            else { continue }
            return path
        }
        return nil
    }

    private static func notInstalled(_ scene: DoctorScene, _ failure: LabError, _ evidence: [Text]) async -> ProbeVerdict {
        return await scene.found("docker-not-installed", failure.message, evidence: evidence, concerns: [.engine])
    }

    private static func silent(
        _ scene: DoctorScene, _ search: EngineSearch, _ failure: LabError, _ evidence: [Text]
    ) async throws -> ProbeVerdict {
        var seen = evidence
        let daemons = ProcessTable.daemons(root: scene.root)
        for daemon in daemons {
            let places = PrivateEngine.endpoints(of: daemon).map(\.dockerHost).joined(separator: " ")
            seen.append(
                Text(
                    en: "dockerd is running (pid \(daemon.pid)) and listens at \(places)",
                    zh: "有 dockerd 在运行（pid \(daemon.pid)），监听 \(places)"))
        }
        if failure.code == .engineDead {
            seen.append(
                Text(
                    en: "the socket exists, but no program listens: it was left behind by a daemon that has exited",
                    zh: "套接字文件还在，但没有程序监听：它是已退出的守护进程留下的"))
        }
        let isChosen = search.attempts.contains { $0.candidate.isChosen }
        let cause = isChosen && failure.code != .engineDead ? "docker-host-wrong" : "docker-daemon-not-running"
        let running = daemons.flatMap(PrivateEngine.endpoints).filter { endpoint in
            !search.attempts.contains { (try? $0.candidate.endpoint.get()) == endpoint }
        }
        return await scene.found(cause, failure.message, evidence: seen, concerns: [.engine], first: await other(running, scene)) {
            remedy in
            // A second daemon would break the network of a running one. And if the user selected an engine, don't start another.
            daemons.isEmpty && !isChosen || !remedy.commands.contains { $0.contains("ailab engine start") }
        }
    }

    /// Offers an engine that runs on this machine and responds at another address.
    private static func other(_ running: [Endpoint], _ scene: DoctorScene) async -> [Remedy] {
        var found: Endpoint?
        for place in running where found == nil {
            if (try? await DockerClient.ping(http: scene.http, endpoint: place, timeout: .seconds(1))) != nil { found = place }
        }
        guard let place = found else { return [] }
        return [
            Remedy(
                Text(en: "Use the engine that already runs on this machine.", zh: "使用本机上已在运行的引擎。"),
                commands: ["export DOCKER_HOST=\(place.dockerHost)"],
                changes: Text(en: "This shell only.", zh: "只影响当前终端。"),
                undo: Text(en: "Run `unset DOCKER_HOST`.", zh: "执行 `unset DOCKER_HOST`。")
            )
        ]
    }
}
