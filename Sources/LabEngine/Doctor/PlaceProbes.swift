import ContainerEngine
import Diagnosis
import Glibc
import HostFacts
import LabFile
import LabRunner
import LabSupport
import PrivateEngine

/// What the lab needs to have for itself on this machine: ports and container names.
enum PlaceProbes {
    static let all: [Probe] = [
        Probe("ports.lab", Text(en: "The lab's ports", zh: "实验使用的端口"), causes: ["port-in-use"], look: ports),
        Probe(
            "containers.names", Text(en: "The lab's container names", zh: "实验使用的容器名"), needs: ["engine.socket"],
            causes: ["container-name-in-use"], look: names),
    ]

    private static func ports(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let wanted = Set((scene.concerns?.containers ?? []).flatMap(\.ports).compactMap { Int($0.host) }).sorted()
        guard !wanted.isEmpty else { return .note(Text(en: "the lab uses no ports", zh: "实验不使用端口")) }
        let list = Text.words(wanted.map(String.init))
        // Check the ports even if the engine doesn't respond.
        let containers = await Deadline.value(.seconds(3)) { try await scene.containers() } ?? []
        let publishing = containers.filter { $0.status == .running || $0.status == .paused }
        let own = Set(publishing.filter(scene.isOwn).flatMap { $0.ports.compactMap(\.host) })
        let taken = wanted.filter { !own.contains($0) && !FreePort.isFree($0) }
        guard !taken.isEmpty else {
            let held = wanted.filter(own.contains)
            if held.isEmpty { return .good(Text(en: "\(list.en) free", zh: "\(list.zh) 空闲")) }
            return .good(Text(en: "\(list.en): in use by this lab's own server", zh: "\(list.zh)：正由本实验的服务器使用"))
        }
        let holders = taken.map { port in Self.holder(port, publishing, scene.root, scene.environment) }
        let measured = Text.list(holders)
        let first = taken[0]
        var fill = ["PORT": "\(first)"]
        let inside = scene.concerns?.containers.flatMap(\.ports).first { Int($0.host) == first }?.container
        if let inside { fill["NUMBER"] = "\(inside)" }
        if let free = FreePort.suggested(insteadOf: first, not: wanted) { fill["FREE_PORT"] = "\(free)" }
        if let variable = scene.variable(of: first) { fill["PORT_VARIABLE"] = variable }
        return await scene.found("port-in-use", measured, evidence: holders, concerns: taken.map { .port($0) }, fill: fill)
    }

    private static func holder(
        _ port: Int, _ containers: [ContainerSummary], _ root: HostRoot, _ environment: [String: String]
    ) -> Text {
        if let container = containers.first(where: { $0.ports.contains { $0.host == port } }) {
            let name = SafeLines.clean(text: container.names.first ?? container.id)
            guard let id = container.labels[Label.workspace], container.labels[Label.container] != nil else {
                return Text(en: "\(port) is used by the container \(name)", zh: "\(port) 被容器 \(name) 占用")
            }
            let whose = Neighbour(id, containers: containers, environment: environment).possession
            return Text(
                en: "\(port) is used by the container \(name), which is \(whose.en)", zh: "\(port) 被\(whose.zh)容器 \(name) 占用")
        }
        if port < 1024, geteuid() != 0, !PortTable.isListened(port, root: root) {
            return Text(en: "\(port) needs root", zh: "\(port) 需要 root 权限")
        }
        guard let holder = PortTable.holder(of: port, root: root) else {
            guard let user = PortUser.name(of: port, root: root).map({ SafeLines.clean(text: $0) }) else {
                return Text(en: "\(port) is used by a process that only root can see", zh: "\(port) 已被占用，只有 root 才能看到是哪个进程")
            }
            return Text(
                en: "\(port) is used by a process of the user \(user) that only root can see",
                zh: "\(port) 被用户 \(user) 的进程占用，只有 root 才能看到是哪个进程")
        }
        let name = SafeLines.clean(text: holder.program)
        return Text(en: "\(port) is used by \(name) (pid \(holder.pid))", zh: "\(port) 被 \(name)（pid \(holder.pid)）占用")
    }

    private static func names(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let wanted = Set((scene.concerns?.containers ?? []).map(\.name))
        let held = try await scene.containers().filter { container in
            container.names.contains(where: wanted.contains) && !scene.isOwn(container)
        }
        let common = wanted.reduce(wanted.first ?? "") { String($0.commonPrefix(with: $1)) }
        guard let first = held.first else {
            return .good(Text(en: "all \(wanted.count) names (\(common)…) are available", zh: "\(wanted.count) 个名称（\(common)…）均可用"))
        }
        let names = held.flatMap(\.names).filter(wanted.contains).sorted()
        let evidence = held.prefix(8).map { container in
            let by =
                container.labels[Label.workspace].map { id in
                    Text(en: "created in the workspace \(id)", zh: "由工作区 \(id) 创建")
                } ?? Text(en: "not created by ailab", zh: "不是 ailab 创建的")
            let state = Text(en: "\(container.statusText), ", zh: "\(container.statusText)，").joined(by)
            return state.labelled(container.names.first ?? "?").map { SafeLines.clean(text: $0) }
        }
        let shown = Text.words(names.prefix(3) + (names.count > 3 ? ["…"] : []))
        let measured = Text(
            en: "\(names.count) \(names.count == 1 ? "name is" : "names are") used by containers from outside this workspace: \(shown.en)",
            zh: "\(names.count) 个名称被本工作区以外的容器占用：\(shown.zh)")
        var fill: [String: String] = [:]
        if scene.raw?.variables.contains(where: { $0.name == "prefix" }) == true {
            fill["NAME_VARIABLE"] = "prefix"
            fill["NAMES"] = "my-\(common)"
        }
        return await scene.found(
            "container-name-in-use", measured, evidence: evidence, concerns: names.map { .container($0) }, fill: fill,
            quoted: ["NAME": first.names.first ?? ""], first: removal(names))
    }
}

extension PlaceProbes {
    /// Removes all of them at once. The containers belong to somebody, so a person must approve this even with `--yes`.
    private static func removal(_ names: [String]) -> [Remedy] {
        guard names.count > 1, names.allSatisfy(RemedyFacts.Word.isHarmless) else { return [] }
        let list = names.joined(separator: " ")
        return [
            Remedy(
                Text(en: "If these containers are yours and you no longer need them, remove them all.", zh: "如果这些容器是你的且不再需要，可全部删除。"),
                commands: ["docker rm -f \(list)"],
                changes: Text(
                    en: "Deletes \(names.count) containers and the files in them.", zh: "删除 \(names.count) 个容器及其中的文件。"),
                undo: Text(en: "You can't undo this.", zh: "无法撤销。"), quoted: ["NAMES": list])
        ]
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> Substring {
        prefix(zip(self, other).prefix { $0 == $1 }.count)
    }
}

extension DoctorScene {
    /// The lab's variable that sets this port.
    func variable(of port: Int) -> String? {
        guard let raw, let spec else { return nil }
        let ports = zip(
            raw.tasks.compactMap(\.action.startedContainer).flatMap(\.ports),
            spec.tasks.compactMap(\.action.startedContainer).flatMap(\.ports))
        guard let name = ports.first(where: { Int($1.host) == port })?.0.host, name.hasPrefix("${"), name.hasSuffix("}") else { return nil }
        return String(name.dropFirst(2).dropLast())
    }
}
