import Glibc
package import HTTPTransport
import LabSupport

/// Looks for an engine at the places of the docker client, its contexts, Docker Desktop, rootless engines and Podman.
package struct EngineDiscovery: Sendable {
    /// The process's environment variables.
    package var environment: [String: String]
    /// The user's home directory.
    package var home: String
    /// The user's id.
    package var uid: UInt32
    /// The socket of the engine that ailab starts itself.
    package var privateSocket: String?
    /// A prefix for every system path. Only tests set it.
    package var systemRoot: String

    package init(environment: [String: String], home: String, uid: UInt32, privateSocket: String? = nil, systemRoot: String = "") {
        self.environment = environment
        self.home = home
        self.uid = uid
        self.privateSocket = privateSocket
        self.systemRoot = systemRoot
    }

    /// The places to try, in order. If the user chose an engine, it is the only one.
    package var candidates: [EngineCandidate] {
        if let chosen = chosenCandidate { return [chosen] }
        var seen: Set<String> = []
        return places.filter { seen.insert($0.path).inserted }.map { EngineCandidate($0.origin, .success(.unix(path: $0.path))) }
    }

    /// The sockets of this machine's engines, in the order of trying.
    private var places: [(origin: EngineCandidate.Origin, path: String)] {
        let runtime = variable("XDG_RUNTIME_DIR") ?? "\(systemRoot)/run/user/\(uid)"
        var places: [(origin: EngineCandidate.Origin, path: String)] = [
            (.defaultSocket, "\(systemRoot)/var/run/docker.sock"),
            (.rootlessDocker, "\(runtime)/docker.sock"),
            (.dockerDesktop, "\(home)/.docker/desktop/docker.sock"),
            (.dockerDesktop, "\(home)/.docker/run/docker.sock"),
            (.rootlessPodman, "\(runtime)/podman/podman.sock"),
            (.podman, "\(systemRoot)/run/podman/podman.sock"),
        ]
        if let privateSocket, !isForeign(privateSocket) { places.append((.ailab, privateSocket)) }
        return places
    }

    /// True if another user than root made the socket. Only root can start ailab's engine, and whoever answers instead would get everything.
    private func isForeign(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_uid != 0 && status.st_uid != uid
    }

    /// Tries the candidates until one answers. It never throws: the attempts contain the errors.
    package func search(http: any HTTPClient, timeout: Duration = .seconds(3)) async -> EngineSearch {
        var attempts: [EngineAttempt] = []
        for candidate in candidates {
            let result = await attempt(candidate, http: http, timeout: timeout)
            attempts.append(EngineAttempt(candidate: candidate, result: result))
            if case .success = result { break }
            // Without libcurl, no other place can answer.
            if case .failure(let error) = result, error.code == .transportLibraryMissing { break }
        }
        return EngineSearch(attempts: attempts, isInstalled: isInstalled)
    }

    /// Whether an engine's program is installed. An ordinary user's `PATH` may not contain the folder of `dockerd`.
    package var isInstalled: Bool {
        let searched = (variable("PATH") ?? "").split(separator: ":").map(String.init)
        let usual = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/snap/bin"].map { systemRoot + $0 }
        return (searched + usual).contains { folder in
            ["dockerd", "docker", "podman"].contains { Files.exists("\(folder)/\($0)") }
        }
    }

    private func attempt(_ candidate: EngineCandidate, http: any HTTPClient, timeout: Duration) async -> Result<PingInfo, LabError> {
        switch candidate.endpoint {
        case .failure(let error): return .failure(error)
        case .success(let endpoint):
            do {
                return .success(try await DockerClient.ping(http: http, endpoint: endpoint, timeout: timeout))
            } catch {
                return .failure(explained(LabError(engine: error, at: endpoint), candidate))
            }
        }
    }

    /// Adds advice on how to undo a choice that leads nowhere.
    private func explained(_ error: LabError, _ candidate: EngineCandidate) -> LabError {
        var error = error
        // The engine exists, and only a permission or a certificate is missing. The advice for that is better.
        if error.code == .enginePermission || error.code == .engineTLS { return error }
        if candidate.isChosen, isMisled(error.code, candidate) { error = error.with(.engineChosenMissing) }
        switch candidate.origin {
        case .dockerHost(let value) where error.family == "engine":
            error.hint = Text(
                en: "The variable DOCKER_HOST points to \(value). Correct it, or run `unset DOCKER_HOST` to use this machine's engine.",
                zh: "环境变量 DOCKER_HOST 指向 \(value)。请改正它，或执行 `unset DOCKER_HOST` 以使用本机的引擎。")
        case .context(let name) where error.family == "engine":
            let way = withdrawal ?? Self.ownContext
            error.hint = Text(
                en: "The docker context \"\(name)\" points there. Run `\(way)` to switch back to this machine's engine.",
                zh: "docker 上下文“\(name)”指向该地址。执行 `\(way)` 可切回本机的引擎。")
        default: break
        }
        return error
    }

    /// Whether the address itself is wrong, so that starting this machine's engine would not help. At a usual place, the engine may only be
    /// stopped.
    private func isMisled(_ code: LabError.Code?, _ candidate: EngineCandidate) -> Bool {
        switch candidate.endpoint {
        case .success(.unix(let path)): code == .engineMissing && !places.contains { $0.path == path }
        case .success(.tcp): code?.showsNoEngine == true
        case .failure: false
        }
    }

    private static let ownContext = "docker context use default"

    /// The command that undoes the user's choice of an engine, or nil if nothing was chosen.
    package var withdrawal: String? {
        switch chosenCandidate?.origin {
        case .dockerHost: "unset DOCKER_HOST"
        case .context: variable("DOCKER_CONTEXT") == nil ? Self.ownContext : "unset DOCKER_CONTEXT"
        default: nil
        }
    }

    private var chosenCandidate: EngineCandidate? {
        if let host = variable("DOCKER_HOST") {
            return EngineCandidate(.dockerHost(host), endpoint(host, tls: environmentTLS, chosenBy: "DOCKER_HOST="))
        }
        let store = DockerContextStore(directory: variable("DOCKER_CONFIG") ?? "\(home)/.docker")
        guard let name = variable("DOCKER_CONTEXT") ?? store.currentName, name != "default" else { return nil }
        do {
            let context = try store.context(named: name)
            return EngineCandidate(.context(name), endpoint(context.host, tls: context.tls, chosenBy: "docker context \(name): "))
        } catch {
            return EngineCandidate(.context(name), .failure(unset(error)))
        }
    }

    /// `DOCKER_CONTEXT` takes precedence over `docker context use`, so only unsetting it helps.
    private func unset(_ error: LabError) -> LabError {
        guard variable("DOCKER_CONTEXT") != nil else { return error }
        var error = error
        error.hint = Text(
            en: "`docker context ls` lists all contexts. `unset DOCKER_CONTEXT` switches back to this machine's engine.",
            zh: "用 `docker context ls` 查看已有的上下文；用 `unset DOCKER_CONTEXT` 切回本机的引擎。")
        return error
    }

    /// `choice` is what chose the address, in front of it.
    private func endpoint(_ host: String, tls: TLSSettings?, chosenBy choice: String) -> Result<Endpoint, LabError> {
        do {
            return .success(try Endpoint(dockerHost: host, tls: tls))
        } catch {
            var error = LabError(error)
            error.cause = SafeLines.clean(text: choice + Redaction.urls(in: host))
            return .failure(error)
        }
    }

    /// TLS settings from the environment, as the docker client reads them: TLS if `DOCKER_TLS_VERIFY` or `DOCKER_TLS` is not empty.
    private var environmentTLS: TLSSettings? {
        let verifies = variable("DOCKER_TLS_VERIFY") != nil
        guard verifies || variable("DOCKER_TLS") != nil else { return nil }
        let folder = variable("DOCKER_CERT_PATH") ?? variable("DOCKER_CONFIG") ?? "\(home)/.docker"
        return TLSSettings(pemsIn: folder, verifiesPeer: verifies)
    }

    /// A variable's value, or nil if it is empty.
    private func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension TLSSettings {
    /// The docker client's certificates in a folder. For missing files, the system's settings apply.
    init(pemsIn folder: String, verifiesPeer: Bool) {
        func existing(_ name: String) -> String? { Files.size("\(folder)/\(name)").map { _ in "\(folder)/\(name)" } }
        self.init(
            authorityFile: existing("ca.pem"), certificateFile: existing("cert.pem"), keyFile: existing("key.pem"),
            verifiesPeer: verifiesPeer)
    }
}
