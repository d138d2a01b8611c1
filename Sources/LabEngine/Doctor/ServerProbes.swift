import ContainerEngine
import InferenceServer
import LabFile
import LabRunner
import LabSupport

/// Checks the lab's TorchServe while it runs.
enum ServerProbes {
    static let all: [Probe] = [
        Probe("serve.container", Text(en: "TorchServe is running", zh: "TorchServe 正在运行"), needs: ["engine.socket"], look: container),
        Probe(
            "serve.programs", Text(en: "Java and torch-model-archiver", zh: "Java 与 torch-model-archiver"), needs: ["serve.container"],
            timeout: .seconds(10),
            causes: ["ts-java-missing", "ts-archiver-missing"], look: programs),
        Probe("serve.token", Text(en: "Token authorization", zh: "令牌认证"), needs: ["serve.container"], look: token),
        Probe(
            "serve.workers", Text(en: "Models and workers", zh: "模型与 worker"), needs: ["serve.container"], timeout: .seconds(10),
            causes: ["ts-no-workers", "service-unreachable"], look: workers),
        Probe(
            "serve.exposure", Text(en: "Management port isn't exposed", zh: "管理端口未对外开放"), needs: ["engine.socket"],
            causes: ["ts-management-exposed"], look: exposure),
    ]

    private static func running(_ scene: DoctorScene) async throws -> (server: LabServer, container: ContainerSummary)? {
        let containers = try await scene.containers().filter { $0.status == .running && scene.isOwn($0) }
        for server in scene.spec?.servers ?? [] {
            if let container = containers.first(where: { $0.names.contains(server.container) }) { return (server, container) }
        }
        return nil
    }

    private static func container(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let running = try await running(scene) else {
            return .moot(Text(en: "not running; the lab starts it when needed", zh: "未运行；实验会在需要时启动它"))
        }
        let text = SafeLines.clean(text: running.container.statusText)
        return .good(Text(verbatim: "\(running.server.container): \(text)"))
    }

    private static func programs(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let running = try await running(scene) else { return .moot(Text(en: "not running", zh: "未运行")) }
        let script = "for p in java torch-model-archiver; do command -v $p || echo \"missing $p\"; done"
        let result = try await scene.docker().exec(running.container.id, ExecConfig(["sh", "-c", script]), limit: 1 << 16)
        let lines = String(decoding: result.stdout, as: UTF8.self).split(separator: "\n").map { SafeLines.clean(text: String($0)) }
        let concerns: [LabConcern] = [.server(running.server.name)]
        if lines.contains("missing java") {
            return await scene.found("ts-java-missing", Text(en: "no java in the container", zh: "容器中没有 java"), concerns: concerns)
        }
        if lines.contains("missing torch-model-archiver") {
            let measured = Text(en: "no torch-model-archiver in the container", zh: "容器中没有 torch-model-archiver")
            return await scene.found("ts-archiver-missing", measured, concerns: concerns, fill: ["CONTAINER": running.server.container])
        }
        return .good(Text(verbatim: lines.joined(separator: " ")))
    }

    private static func keys(_ scene: DoctorScene, _ server: LabServer) async throws -> TorchServeKeys? {
        do {
            return try TorchServeKeys(json: try await scene.docker().readFile(server.keyFile, in: server.container))
        } catch let error as DockerError where error.status == 404 {
            return nil
        }
    }

    private static func token(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let running = try await running(scene) else { return .moot(Text(en: "not running", zh: "未运行")) }
        guard try await keys(scene, running.server) != nil else {
            return .note(Text(en: "off: anyone who can reach the port can send requests", zh: "未启用：能访问该端口的人都可以发送请求"))
        }
        return .good(Text(en: "on; ailab reads the key from \(running.server.keyFile)", zh: "已启用；密钥从 \(running.server.keyFile) 读取"))
    }

    private static func workers(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let running = try await running(scene) else { return .moot(Text(en: "not running", zh: "未运行")) }
        let server = running.server
        let client = TorchServeClient(http: scene.http, addresses: server.addresses, keys: try await keys(scene, server))
        let names = try await client.models(timeout: .seconds(4)).map(\.modelName)
        guard !names.isEmpty else { return .note(Text(en: "no model is registered yet", zh: "还没有注册模型")) }
        var shown: [String] = []
        var idle: [String] = []
        for name in names.prefix(8) {
            let models = try await client.describe(name, timeout: .seconds(4))
            let ready = models.reduce(0) { $0 + $1.readyWorkers }
            let all = models.reduce(0) { $0 + $1.workers.count }
            let clean = SafeLines.clean(text: name)
            shown.append("\(clean) \(ready)/\(all) READY")
            if ready == 0 { idle.append(clean) }
        }
        let measured = Text(verbatim: shown.joined(separator: ", "))
        guard let first = idle.first else { return .good(measured) }
        return await scene.found(
            "ts-no-workers", measured, concerns: [.server(server.name)],
            fill: ["NAME": first, "MODEL": first, "PORT": server.managementPort, "CONTAINER": server.container])
    }

    /// TorchServe's default management port.
    private static let managementPort = 8081

    private static func exposure(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let open = try await scene.containers().filter { $0.status == .running }.compactMap { container -> (String, PublishedPort)? in
            let isServer = container.image.contains("torchserve") || container.command.contains("torchserve") || scene.isOwn(container)
            let port = container.ports.first { $0.container == managementPort && $0.host != nil && $0.isOpen }
            return isServer ? port.map { (container.names.first ?? container.id, $0) } : nil
        }
        if let (name, port) = open.first {
            let host = port.host ?? managementPort
            let measured = Text(
                en: "\(SafeLines.clean(text: name)) publishes the port on \(port.address ?? "*"):\(host)",
                zh: "\(SafeLines.clean(text: name)) 把该端口发布在 \(port.address ?? "*"):\(host)")
            return await scene.found("ts-management-exposed", measured, fill: ["NAME": name, "CONTAINER": name, "PORT": "\(host)"])
        }
        if PortTable.addresses(of: managementPort, root: scene.root).contains("*"),
            let holder = PortTable.holder(of: managementPort, root: scene.root), holder.program == "java"
        {
            let measured = Text(
                en: "java (pid \(holder.pid)) listens on port \(managementPort) on all addresses",
                zh: "java（pid \(holder.pid)）在所有地址上监听端口 \(managementPort)")
            return await scene.found("ts-management-exposed", measured, fill: ["PORT": "\(managementPort)"])
        }
        return .good(Text(en: "other machines can't reach it", zh: "其他机器无法访问"))
    }
}

extension PublishedPort {
    /// Whether other machines can reach the port.
    fileprivate var isOpen: Bool { !Loopback.contains(host: address ?? "") }
}
