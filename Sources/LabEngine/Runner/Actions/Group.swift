import ContainerEngine
import LabFile
import LabSupport

extension LabGroupAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        try await task.network(network)
        let each = each
        try await task.removeOwnContainers(except: Set(each.map(\.container.name)))
        let started = Locked<[String]>([])
        try await cleaningUpOnCancel {
            for (index, one) in each.enumerated() {
                task.progress(Text(en: "Starting", zh: "启动中"), Double(index), of: Double(each.count), .items)
                let claim = try await task.claim(one.container) { join(&$0, as: one.host) }
                started.withLock { $0.append(claim.id) }
                if claim.isNew { try await task.start(claim, orRemove: true) }
            }
        } cleanup: {
            for id in started.withLock({ $0 }) { try? await task.docker.stopContainer(id, grace: .seconds(1)) }
        }
        task.progress(Text(en: "Started", zh: "已启动"), Double(each.count), of: Double(each.count), .items)
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        [["docker", "network", "create", network]]
            + each.map { one in equivalent.command(one.container, isDetached: true) { join(&$0, as: one.host) } }
    }

    var imagesUsed: [String] { members.map(\.container.image) }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) throws -> [HashedFile] {
        try members.flatMap { try HashedFile.mounted(by: $0.container, in: run) }
    }

    var places: Set<String> { ["serve", "run", "container", "host", "daemon"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }

    private func join(_ config: inout ContainerConfig, as host: String) {
        config.network = network
        config.networkAliases = [host]
        config.hostname = host
        // The members run services, whose orphans nobody would collect.
        config.usesInit = true
    }
}

extension TaskContext {
    /// Removes what an earlier run of this task started under other names, such as the last members of a larger group.
    fileprivate func removeOwnContainers(except wanted: Set<String>) async throws {
        let docker = try await docker
        let labels = [(Label.lab, run.spec.id), (Label.task, task.id.description), (Label.workspace, run.workspace.id)]
            .map { "\($0)=\($1)" }
        for container in try await docker.listContainers(all: true, labels: labels) {
            guard !container.names.contains(where: wanted.contains) else { continue }
            // A student's container can have inherited the labels from an image.
            guard container.names.contains(where: { Label.isOwn($0, container.labels, workspace: run.workspace.id) }) else { continue }
            try await docker.removeContainer(container.id, force: true)
        }
    }

    /// Makes a network for this workspace, unless it's there. Another one's network of that name is left alone.
    func network(_ name: String, overlay: Bool = false) async throws {
        let docker = try await docker
        let all = try await docker.networks()
        if let existing = all.first(where: { $0.name == name }) {
            guard existing.labels[Label.workspace] == run.workspace.id else { throw Self.networkTaken(name) }
            return
        }
        // The containers' way out is that of the engine's own network, so their packets may be as large.
        let usual = all.first { ["bridge", "podman"].contains($0.name) }?.packetSize
        try await docker.createNetwork(name, labels: labels, packetSize: overlay ? nil : usual, overlay: overlay)
        created(.network, name)
    }

    private static func networkTaken(_ name: String) -> LabError {
        LabError(
            .networkNameTaken,
            Text(en: "A network named \(name) exists, and this workspace didn't make it.", zh: "已有名为 \(name) 的网络，它不是本工作区创建的。"),
            hint: Text(
                en:
                    "Choose other names for this workspace: `--set prefix=…`. Or, if no one needs that network: `docker network rm \(name)`.",
                zh: "请为本工作区换一组名称：`--set prefix=…`；如果那个网络已不再需要：`docker network rm \(name)`。"))
    }
}
