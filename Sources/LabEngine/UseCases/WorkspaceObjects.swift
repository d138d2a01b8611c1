package import ContainerEngine
package import LabFile
package import LabRunner
package import LabSupport

/// Something that this workspace made and can take away again.
package struct WorkspaceObject: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case container
        /// A service of a swarm, with its containers.
        case service
        /// A network of containers.
        case network
        /// A swarm that ailab began.
        case swarm
        case image
        /// A file of the student's folder that a step made.
        case file
        /// Downloads and root file systems that can be made again.
        case cache
        /// What BuildKit keeps of this workspace's builds.
        case buildCache
        /// The record of an old run.
        case run
    }

    package var kind: Kind
    /// As the student knows it.
    package var name: String
    /// The engine's id, or the path.
    package var id: String
    /// Further names of an image.
    package var tags: [String] = []
    /// Bytes on the disk; images share layers, so their sum is the most that comes back.
    package var bytes: Int64?
    package var task: TaskID?
    package var isRunning = false

    package init(
        kind: Kind, name: String, id: String, tags: [String] = [], bytes: Int64? = nil, task: TaskID? = nil, isRunning: Bool = false
    ) {
        self.kind = kind
        self.name = name
        self.id = id
        self.tags = tags
        self.bytes = bytes
        self.task = task
        self.isRunning = isRunning
    }
}

/// What this workspace has on the engine: the containers, services, networks, swarm and images that carry its label, and no others.
package struct WorkspaceObjects: Sendable {
    let docker: DockerClient
    private let workspace: String
    private let environment: [String: String]

    package init(_ docker: DockerClient, _ workspace: Workspace, environment: [String: String] = [:]) {
        self.docker = docker
        self.workspace = workspace.id
        self.environment = environment
    }

    /// Containers, services, networks, the swarm and images, in the order in which they can be removed. `of` limits them to one lab's tasks.
    package func list(of tasks: (lab: String, ids: Set<TaskID>)? = nil) async throws -> [WorkspaceObject] {
        try await look(of: tasks).objects
    }

    /// The same, and why services and a swarm may be missing from the list: the engine is in a swarm that it can't use now. Everything else
    /// can still be removed.
    package func look(
        of tasks: (lab: String, ids: Set<TaskID>)? = nil
    ) async throws -> (objects: [WorkspaceObject], unseen: LabError?) {
        let labels = ["\(Label.workspace)=\(workspace)"] + (tasks.map { ["\(Label.lab)=\($0.lab)"] } ?? [])
        let containers = try await docker.listContainers(all: true, labels: labels, sizes: true).filter(isOwn).map(Self.object)
        // Layers between an image and its base aren't listed: they go with the image, and stay if it stays.
        let images = try await docker.listImages(labels: labels).sorted { $0.created > $1.created }.compactMap(object)
        let networks = try await docker.networks(labels: labels).map(Self.object)
        let (services, swarm, unseen) = try await swarmObjects(labels: labels, of: tasks?.lab)
        let all = containers + services + networks + swarm + images
        guard let tasks else { return (all + (try await namedOnly()), unseen) }
        return (all.filter { $0.task.map(tasks.ids.contains) ?? false }, unseen)
    }

    private func isOwn(_ container: ContainerSummary) -> Bool {
        container.names.contains { Label.isOwn($0, container.labels, workspace: workspace) }
    }

    private typealias SwarmObjects = (services: [WorkspaceObject], swarm: [WorkspaceObject], unseen: LabError?)

    /// This workspace's services in a swarm, and the swarm itself if this workspace began it.
    private func swarmObjects(labels: [String], of lab: String?) async throws -> SwarmObjects {
        do {
            switch try await docker.swarmMembership() {
            case .none, .worker: return ([], [], nil)
            case .unusable(let word): return ([], [], Self.unseen(OwnSwarm.unusable(word)))
            case .manager(let swarm):
                let services = try await docker.services(labels: labels).map(Self.object)
                let isOwn = swarm.labels[Label.workspace] == workspace && (lab == nil || swarm.labels[Label.lab] == lab)
                return (services, isOwn ? [Self.object(swarm)] : [], nil)
            }
        } catch let error as DockerError {
            // An engine that doesn't even describe itself says nothing about a swarm.
            if case .engine = error.operation { throw error }
            // Such as a swarm that has lost its leader.
            return ([], [], Self.unseen(OwnSwarm.unusable(error)))
        }
    }

    private static func unseen(_ reason: LabError) -> LabError {
        var reason = reason
        reason.message = reason.message.followed(by: Text(en: "What this workspace has in it stays.", zh: "本工作区在其中的内容会保留。"))
        return reason
    }

    private static func object(_ service: SwarmService) -> WorkspaceObject {
        WorkspaceObject(
            kind: .service, name: service.name, id: service.id, task: service.labels[Label.task].flatMap(TaskID.init), isRunning: true)
    }

    private static func object(_ swarm: Swarm) -> WorkspaceObject {
        WorkspaceObject(
            kind: .swarm, name: String(swarm.id.prefix(12)), id: swarm.id, task: swarm.labels[Label.task].flatMap(TaskID.init))
    }

    private static func object(_ container: ContainerSummary) -> WorkspaceObject {
        WorkspaceObject(
            kind: .container, name: container.names.first ?? String(container.id.prefix(12)), id: container.id, bytes: container.size ?? 0,
            task: container.labels[Label.task].flatMap(TaskID.init), isRunning: container.status == .running)
    }

    private static func object(_ network: EngineNetwork) -> WorkspaceObject {
        WorkspaceObject(kind: .network, name: network.name, id: network.id, task: network.labels[Label.task].flatMap(TaskID.init))
    }

    /// Nil for an image that only inherits our labels: all its names are somebody else's.
    private func object(_ image: ImageSummary) -> WorkspaceObject? {
        let short = String((image.id.split(separator: ":").last ?? "").prefix(12))
        let own = Label.ownTags(image.tags, image.labels, workspace: workspace)
        guard image.tags.isEmpty || !own.isEmpty else { return nil }
        return WorkspaceObject(
            kind: .image, name: own.first ?? short, id: image.id, tags: own, bytes: image.size,
            task: image.labels[Label.task].flatMap(TaskID.init))
    }

    /// Pulled images that have a name of this workspace's own: they carry no label.
    private func namedOnly() async throws -> [WorkspaceObject] {
        let prefix = Label.ownPrefix(workspace: workspace)
        return try await docker.listImages().compactMap { image in
            let names = image.tags.filter { $0.hasPrefix(prefix) || $0.hasPrefix("docker.io/\(prefix)") }
            guard let name = names.first, image.labels[Label.workspace] != workspace else { return nil }
            return WorkspaceObject(kind: .image, name: name, id: image.id, tags: names, bytes: image.size)
        }
    }

    /// Removes them, containers first, and networks after them. Returns what stayed, with the reason. Throws only if it's cancelled.
    package func remove(_ objects: [WorkspaceObject]) async throws -> [(object: WorkspaceObject, reason: LabError)] {
        var left: [(WorkspaceObject, LabError)] = []
        for container in objects where container.kind == .container {
            if let reason = try await reasonToStay(container) { left.append((container, reason)) }
        }
        for service in objects where service.kind == .service {
            if let reason = try await reasonToStay(service) { left.append((service, reason)) }
        }
        do {
            try await docker.waitGone(services: objects.filter { $0.kind == .service }.map(\.id))
        } catch is DockerError {
            // The swarm has no leader any more. If the network is still used, its removal says so.
        }
        // A network belongs to its swarm, so it goes first.
        for kind in [WorkspaceObject.Kind.network, .swarm] {
            for object in objects where object.kind == kind {
                if let reason = try await reasonToStay(object) { left.append((object, reason)) }
            }
        }
        var images = objects.filter { $0.kind == .image }
        // An image goes after those that were made from it, and which that is the engine knows.
        while !images.isEmpty {
            var refused: [(WorkspaceObject, LabError)] = []
            for image in images {
                if let reason = try await reasonToStay(image) { refused.append((image, reason)) }
            }
            guard refused.count < images.count else { return left + refused }
            images = refused.map(\.0)
        }
        return left
    }

    /// Removes one. Returns why it stays.
    private func reasonToStay(_ object: WorkspaceObject) async throws -> LabError? {
        do {
            try await remove(object)
            return nil
        } catch {
            try Task.checkCancellation()
            return LabError(describing: error)
        }
    }

    private func remove(_ object: WorkspaceObject) async throws {
        do {
            switch object.kind {
            case .container: try await docker.removeContainer(object.id, force: true)
            case .service: try await docker.removeService(object.id)
            case .network: try await docker.removeNetwork(object.id)
            case .swarm: try await OwnSwarm.find(docker, workspace: workspace)?.leave()
            case .image: try await removeImage(object)
            case .file, .cache, .buildCache, .run: break
            }
        } catch let error as DockerError where error.status == 404 {
            // Gone already, which is what was wanted.
        }
    }

    private func removeImage(_ image: WorkspaceObject) async throws {
        let containers = try await docker.listContainers(all: true)
        let names = try await docker.inspectImage(image.id).tags
        // A name may have moved to another image since the list was made, such as one that another workspace has built meanwhile.
        let ours = image.tags.filter(names.contains)
        // An image that keeps a name of somebody else's isn't removed: it only loses ours, and no container notices.
        let stays = !names.isEmpty && ours.count < names.count
        let users = stays ? [] : containers.filter { $0.imageID == image.id }
        if let other = users.first(where: { !isOwn($0) }) {
            let name = other.names.first ?? other.id
            let id = Owner(containerNamed: name, other.labels, workspace: workspace).neighbour
            throw id.map { Self.inUse(name, by: neighbour($0, containers)) } ?? inUse(name, isOurs: false)
        }
        if let running = users.first(where: { $0.status == .running }) { throw inUse(running.names.first ?? running.id, isOurs: true) }
        if let user = try await neighboursImage(on: image) {
            throw Self.inUse(image: user.name, by: neighbour(user.workspace, containers))
        }
        // By its names, so that an image that others are built on loses them and stays for those.
        if names.isEmpty { try await docker.removeImage(image.id, force: true) }
        for tag in ours { try await docker.removeImage(tag, force: true) }
    }

    private func neighbour(_ id: String, _ containers: [ContainerSummary]) -> Neighbour {
        Neighbour(id, containers: containers, environment: environment)
    }

    /// An image of another workspace that was built on a shared one: its next build needs the name again.
    private func neighboursImage(on image: WorkspaceObject) async throws -> (name: String, workspace: String)? {
        let details = try await docker.inspectImage(image.id)
        // Only the shared name matters to others. A name of this workspace's own can always go.
        guard Label.contentHash(details.config.labels) != nil, let shared = details.config.labels?[Label.image],
            image.tags.contains(where: { Label.means($0, shared) })
        else { return nil }
        for other in try await docker.listImages(labels: [Label.workspace]) where other.id != image.id {
            guard let name = other.labels[Label.image], let id = other.labels[Label.workspace], id != workspace else { continue }
            // A base of another workspace may have the same layers. It stands beside this one, not on it.
            guard Label.contentHash(other.labels) == nil else { continue }
            // Between the list and this look it may have gone.
            guard let layers = try await docker.imageIfPresent(other.id)?.layers, layers.starts(with: details.layers) else { continue }
            return (other.tags.first ?? name, id)
        }
        return nil
    }

    private static func inUse(_ container: String, by neighbour: Neighbour) -> LabError {
        let possession = neighbour.possession
        return LabError(
            .imageInUse,
            Text(
                en: "the container \(container) uses it, which is \(possession.en)", zh: "容器 \(container) 正在使用它，那是\(possession.zh)容器"),
            hint: Text(en: "Clean up in that workspace first.", zh: "请先在那个工作区清理。"), httpStatus: 409)
    }

    private static func inUse(image: String, by neighbour: Neighbour) -> LabError {
        let possession = neighbour.possession
        return LabError(
            .imageInUse,
            Text(en: "the image \(image) is built on it, which is \(possession.en)", zh: "镜像 \(image) 基于它构建，那是\(possession.zh)镜像"),
            hint: Text(en: "It can go when that workspace has been cleaned.", zh: "那个工作区清理之后即可删除。"), httpStatus: 409)
    }

    private func inUse(_ container: String, isOurs: Bool) -> LabError {
        LabError(
            .imageInUse, Text(en: "the container \(container) uses it", zh: "容器 \(container) 正在使用它"),
            hint: isOurs
                ? Text(en: "Reset the step of that container first.", zh: "请先重置该容器所属的步骤。")
                : EngineKind(ping: docker.ping).spoken(
                    Text(
                        en: "That container is not ailab's; `docker rm \(container)` removes it.",
                        zh: "该容器不是 ailab 创建的；`docker rm \(container)` 可删除它。")),
            httpStatus: 409)
    }
}
