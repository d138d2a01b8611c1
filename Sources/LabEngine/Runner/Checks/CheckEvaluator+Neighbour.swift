import ContainerEngine
import LabFile
import LabSupport

/// Another workspace's objects don't count, even if its container has the lab's name or its server answers on the same port.
extension CheckEvaluator {
    /// The finding if a check would look at another workspace's container or server. Nil if it would look at this workspace's.
    func strange(_ subject: LabCheckSubject) async throws -> Finding? {
        switch subject {
        case .container(let name, _, _), .logs(let name, _), .inside(let name, _, _): try await strange(container: name, passes: false)
        case .command(let check): try await strange(container: check.container, passes: false)
        case .absent(let name): try await strange(container: name, passes: true)
        case .http(let check): try await strange(server: check.server)
        case .model(let server, _), .prediction(let server, _, _): try await strange(server: server)
        case .engine, .image, .output, .file, .json: nil
        }
    }

    /// `passes` is true if the check wants no container: this workspace has none.
    private func strange(container name: String, passes: Bool) async throws -> Finding? {
        guard let details = try await run.docker.containerIfPresent(name) else { return nil }
        guard let neighbour = await run.neighbour(of: details, named: name) else { return nil }
        return finding(name, neighbour, passes: passes)
    }

    private func strange(server name: String?) async throws -> Finding? {
        guard let server = name.flatMap({ run.spec.server($0) }) else { return nil }
        if let finding = try await strange(container: server.container, passes: false) { return finding }
        let ports = [server.inferencePort, server.managementPort].compactMap { Int($0) }
        guard let holder = try await run.neighbour(publishing: ports) else { return nil }
        let possession = holder.neighbour.possession
        return Finding(
            passed: false, wanted: Self.wanted(container: server.container),
            found: Text(
                en: "port \(holder.port) belongs to the container \(holder.container), which is \(possession.en)",
                zh: "端口 \(holder.port) 由容器 \(holder.container) 占用，它是\(possession.zh)容器"),
            advice: Text(
                en: "Stop it in its own workspace, or let this one use another port: `--set`.",
                zh: "请在它自己的工作区停止它，或用 `--set` 让本工作区改用其他端口。"))
    }

    private static func wanted(container name: String) -> Text { Text(en: "this workspace's container \(name)", zh: "本工作区的容器 \(name)") }

    private func finding(_ name: String, _ neighbour: Neighbour, passes: Bool) -> Finding {
        let possession = neighbour.possession
        return Finding(
            passed: passes,
            wanted: passes ? Text(en: "no container \(name)", zh: "不存在容器 \(name)") : Self.wanted(container: name),
            found: Text(en: "\(name) is \(possession.en)", zh: "\(name) 是\(possession.zh)容器"),
            advice: Text(
                en: "Remove it in its own workspace, or choose other names for this one: `--set prefix=…`.",
                zh: "请在它自己的工作区删除它，或为本工作区换一组名称：`--set prefix=…`。"))
    }
}
