import ContainerEngine
import Diagnosis
import Glibc
import HostFacts
import LabFile
import LabRunner
import LabSupport
import PrivateEngine

/// What the lab will claim on this machine: ports and containers' names.
enum PlaceProbes {
    static let all: [Probe] = [
        Probe("ports.lab", Text(en: "The lab's ports", zh: "实验使用的端口"), causes: ["port-in-use"], look: ports),
        Probe(
            "containers.names", Text(en: "The lab's container names", zh: "实验使用的容器名"), needs: ["engine.socket"],
            causes: ["container-name-in-use"], look: names),
    ]

    private static func ports(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let wanted = Set((scene.concerns?.containers ?? []).flatMap(\.ports).compactMap { Int($0.host) }).sorted()
        guard !wanted.isEmpty else { return .note(Text(en: "the lab uses none", zh: "实验不使用端口")) }
        let list = Text.words(wanted.map(String.init))
        // The engine may be the one thing that does not work: the ports are looked at all the same.
        let containers = await Deadline.value(.seconds(3)) { try await scene.containers() } ?? []
        let publishing = containers.filter { $0.status == .running || $0.status == .paused }
        let own = Set(publishing.filter(scene.isOwn).flatMap { $0.ports.compactMap(\.host) })
        let taken = wanted.filter { !own.contains($0) && !FreePort.isFree($0) }
        guard !taken.isEmpty else {
            let held = wanted.filter(own.contains)
            if held.isEmpty { return .good(Text(en: "\(list.en) are free", zh: "\(list.zh) 空闲")) }
            return .good(Text(en: "\(list.en): held by this lab's own server", zh: "\(list.zh)：由本实验自己的服务器占用"))
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
                return Text(en: "\(port) is held by the container \(name)", zh: "\(port) 被容器 \(name) 占用")
            }
            let whose = Neighbour(id, containers: containers, environment: environment).possession
            return Text(
                en: "\(port) is held by the container \(name), which is \(whose.en)", zh: "\(port) 被\(whose.zh)容器 \(name) 占用")
        }
        if port < 1024, geteuid() != 0, !PortTable.isListened(port, root: root) {
            return Text(en: "\(port) needs root", zh: "\(port) 需要 root 权限")
        }
        guard let holder = PortTable.holder(of: port, root: root) else {
            return Text(en: "\(port) is held by a process that only root may see", zh: "\(port) 被占用，只有 root 才能看到是哪个进程")
        }
        let name = SafeLines.clean(text: holder.program)
        return Text(en: "\(port) is held by \(name) (pid \(holder.pid))", zh: "\(port) 被 \(name)（pid \(holder.pid)）占用")
    }

    private static func names(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let wanted = Set((scene.concerns?.containers ?? []).map(\.name))
        let held = try await scene.containers().filter { container in
            container.names.contains(where: wanted.contains) && !scene.isOwn(container)
        }
        let common = wanted.reduce(wanted.first ?? "") { String($0.commonPrefix(with: $1)) }
        guard let first = held.first else {
            return .good(Text(en: "\(wanted.count) names (\(common)…) are free or ours", zh: "\(wanted.count) 个名称（\(common)…）空闲或属于本工作区"))
        }
        let names = held.flatMap(\.names).filter(wanted.contains).sorted()
        let evidence = held.prefix(8).map { container in
            let by =
                container.labels[Label.workspace].map { id in
                    Text(en: "made in the workspace \(id)", zh: "由工作区 \(id) 创建")
                } ?? Text(en: "not made by ailab", zh: "不是 ailab 创建的")
            let state = Text(en: "\(container.statusText), ", zh: "\(container.statusText)，").joined(by)
            return state.labelled(container.names.first ?? "?").map { SafeLines.clean(text: $0) }
        }
        let shown = Text.words(names.prefix(3) + (names.count > 3 ? ["…"] : []))
        let measured = Text(
            en: "\(names.count) names are held by containers that this workspace did not make: \(shown.en)",
            zh: "\(names.count) 个名称被不属于本工作区的容器占用：\(shown.zh)")
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
    /// All of them at once. They are somebody's: a person agrees to it, whatever was agreed to before.
    private static func removal(_ names: [String]) -> [Remedy] {
        guard names.count > 1, names.allSatisfy(RemedyFacts.Word.isHarmless) else { return [] }
        let list = names.joined(separator: " ")
        return [
            Remedy(
                Text(en: "Remove them all, if they are yours and no longer needed.", zh: "如果它们是你的且不再需要：全部删除。"),
                commands: ["docker rm -f \(list)"],
                changes: Text(
                    en: "\(names.count) containers and the files in them are gone.", zh: "\(names.count) 个容器及其内部文件会消失。"),
                undo: Text(en: "It cannot be taken back.", zh: "无法撤销。"), quoted: ["NAMES": list])
        ]
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> Substring {
        prefix(zip(self, other).prefix { $0 == $1 }.count)
    }
}

extension DoctorScene {
    /// The lab's variable that says which port this is.
    func variable(of port: Int) -> String? {
        guard let raw, let spec else { return nil }
        let ports = zip(
            raw.tasks.compactMap(\.action.startedContainer).flatMap(\.ports),
            spec.tasks.compactMap(\.action.startedContainer).flatMap(\.ports))
        guard let name = ports.first(where: { Int($1.host) == port })?.0.host, name.hasPrefix("${"), name.hasSuffix("}") else { return nil }
        return String(name.dropFirst(2).dropLast())
    }
}

/// Listening TCP ports of this machine, and whose they are.
enum PortTable {
    static func isListened(_ port: Int, root: HostRoot) -> Bool { !inodes(of: port, root: root).isEmpty }

    /// The process that listens; nil where there is none, or where it belongs to somebody else and only root may look.
    static func holder(of port: Int, root: HostRoot) -> (program: String, pid: Int32)? {
        let sockets = Set(inodes(of: port, root: root).map { "socket:[\($0)]" })
        guard !sockets.isEmpty else { return nil }
        for pid in root.names(in: "/proc").compactMap({ Int32($0) }) {
            let folder = "/proc/\(pid)/fd"
            for name in root.names(in: folder) {
                guard let link = Files.link(root.real("\(folder)/\(name)")), sockets.contains(link) else { continue }
                return (ProcessTable.entry(pid, root: root)?.program ?? "?", pid)
            }
        }
        return nil
    }

    /// Inodes of the sockets that listen there: a line's second word is the address, its fourth the state, its tenth the inode.
    private static func inodes(of port: Int, root: HostRoot) -> [Substring] {
        let wanted = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: max(0, 4 - wanted.count)) + wanted
        return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { root.lines($0) ?? [] }.compactMap { line in
            let words = line.split(separator: " ")
            return words.count > 9 && words[3] == "0A" && words[1].hasSuffix(suffix) ? words[9] : nil
        }
    }

    /// Addresses on which a port is listened at, `0.0.0.0` and `::` as `*`.
    static func addresses(of port: Int, root: HostRoot) -> [String] {
        let wanted = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: max(0, 4 - wanted.count)) + wanted
        return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { root.lines($0) ?? [] }.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 9, words[3] == "0A", words[1].hasSuffix(suffix) else { return nil }
            let address = words[1].dropLast(suffix.count)
            return address.allSatisfy { $0 == "0" } ? "*" : String(address)
        }
    }
}
