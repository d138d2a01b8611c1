import ContainerEngine
import HTTPTransport
import HostFacts
import LabFile
import LabSupport

/// Uses names that all workspaces of an engine share, and reports a name that belongs to someone else.
extension TaskContext {
    /// Builds an image with this workspace's own name. It also gets the lab's name, unless that belongs to someone else.
    /// `dockerfile`: the content of the Dockerfile in the context.
    func build(_ image: WorkspaceImage, _ options: BuildOptions, dockerfile: [UInt8], context: HTTPBody) async throws {
        let docker = try await docker
        await removeBuildStep(docker)
        if run.builder?.kind == .buildKit {
            try await buildKit(image.shownTag, options, file: dockerfile, context: context)
        } else {
            try await follow(try await docker.buildImage(options, context: context), image: image.shownTag, labels: options.labels.count)
        }
        // An engine that is shut down can end the stream like that of a finished build, and the name would still mean an earlier image.
        let labels = try await docker.imageIfPresent(image.ownTag)?.config.labels
        guard labels?[Label.run] == options.labels[Label.run], labels?[Label.fingerprint] == options.labels[Label.fingerprint] else {
            throw TransportError(kind: .reset, detail: "the engine ended the build without an image")
        }
        try await takeName(image)
    }

    /// Gives a pulled or imported image the lab's name. If the lab's name means another image, it gives this workspace's own name.
    func name(_ reference: String, as image: WorkspaceImage) async throws {
        let docker = try await docker
        let id = try await docker.imageIfPresent(reference)?.id
        if image.takesPlain || image.plain?.details.id == id {
            try await docker.tagImage(reference, as: image.tag)
            // If this workspace has its own image, that would be used instead of the one that was just named.
            if image.own != nil { try await docker.tagImage(reference, as: image.ownTag) }
            return created(.image, image.tag)
        }
        try await docker.tagImage(reference, as: image.ownTag)
        created(.image, image.ownTag)
        await tellNameTaken(image, by: image.plain?.owner ?? .person)
    }

    /// Gives the lab's name to the image that was just built with the workspace's own name. `before` is how both names were before the
    /// build.
    private func takeName(_ before: WorkspaceImage) async throws {
        let docker = try await docker
        let plain = try await docker.imageIfPresent(before.tag)
        // During the build, someone else may have taken the name.
        if plain == nil || before.takesPlain && plain?.id == before.plain?.details.id {
            // If a run were cancelled between the two names, the lab's name would still mean the old image.
            try await Task.detached { try await docker.tagImage(before.ownTag, as: before.tag) }.value
            return
        }
        let owner = plain?.id == before.plain?.details.id ? before.plain?.owner : nil
        let now = owner ?? Owner(imageNamed: before.tag, plain?.config.labels, workspace: run.workspace.id)
        await tellNameTaken(before, by: now)
    }

    private func tellNameTaken(_ image: WorkspaceImage, by owner: Owner) async {
        let own = Text(
            en: "It stays as it is, and this workspace's image is called \(image.ownTag).", zh: "它保持不变；本工作区的镜像名为 \(image.ownTag)。")
        let free = Text(
            en: "If no one needs it, `docker rmi \(image.tag)` frees the name for the next build.",
            zh: "如果已不再需要：执行 `docker rmi \(image.tag)`，下次构建即可使用该名称。")
        let whose: Text
        switch owner {
        case .neighbour(let id):
            let possession = await run.neighbour(id).possession
            whose = Text(en: "\(image.tag) is \(possession.en).", zh: "\(image.tag) 是\(possession.zh)镜像。")
        case .own, .person:
            whose =
                image.content == nil
                ? Text(en: "\(image.tag) was built by hand, not by ailab.", zh: "\(image.tag) 是手动构建的，不是 ailab 构建的。")
                : Text(en: "\(image.tag) is another image, without this machine's settings.", zh: "\(image.tag) 是另一个镜像，不含本机的网络设置。")
        }
        notice("image.nameTaken", whose.followed(by: own).followed(by: free), level: .warning)
    }

    /// The image of a container. Adds a notice if this isn't the student's own build of it.
    func image(of container: LabContainer) async throws -> ResolvedImage {
        if let image = try await run.workspaceImage(container.image), image.content == nil, image.own != nil, image.plain?.owner == .person
        {
            notice(
                "image.byHandUnused",
                Text(
                    en:
                        "Uses \(image.ownTag), which ailab built here. \(image.tag) was built by hand; to use that one, reset the step that "
                        + "builds it.",
                    zh: "使用 ailab 在此构建的 \(image.ownTag)。\(image.tag) 是手动构建的；若要使用它，请重置构建该镜像的小节。"))
        }
        let image = try await run.resolve(container.image)
        if !image.exists, let maker = run.spec.maker(of: container.image) { throw notMade(container.image, maker) }
        return image
    }

    /// The engine would say that no registry has the image, which is no help with an image that only the lab makes.
    private func notMade(_ image: String, _ maker: TaskID) -> LabError {
        let command = "ailab step \(run.options.again(maker.description))"
        return LabError(
            .imageNotMade,
            Text(en: "The engine doesn't have the image \(image). Sub-step \(maker) makes it.", zh: "引擎中没有镜像 \(image)，它由小节 \(maker) 生成。"),
            hint: Text(en: "Run that sub-step: `\(command)`.", zh: "请运行该小节：`\(command)`。"))
    }

    /// The error for a container that has the lab's name but can't be used or replaced, because this workspace didn't make it.
    func nameTaken(_ name: String, by container: ContainerDetails) async -> LabError {
        let neighbour = await run.neighbour(of: container, named: name)
        let whose =
            neighbour.map { Text(en: "it is \($0.possession.en)", zh: "它是\($0.possession.zh)容器") }
            ?? Text(en: "it was made by hand, not by ailab", zh: "它是手动创建的，不是 ailab 创建的")
        return LabError(
            .containerNameTaken,
            Text(en: "A container named \(name) exists, and \(whose.en).", zh: "已有名为 \(name) 的容器，\(whose.zh)。"),
            hint: Text(
                en: "Choose other names for this workspace: `--set prefix=…`. Or, if no one needs that container: `docker rm -f \(name)`.",
                zh: "请为本工作区换一组名称：`--set prefix=…`；如果那个容器已不再需要：`docker rm -f \(name)`。"),
            httpStatus: 409)
    }

    /// Starts a container. If another workspace's container uses a port that it needs, the error says so.
    func start(_ claim: Claim, orRemove removes: Bool = false) async throws {
        // The engine follows links when it mounts a folder, and it mounts them now. They may have changed since the container was created.
        guard try run.realMounts(claim.container) == claim.mounts else { throw await movedMounts(claim) }
        do {
            try await docker.startContainer(claim.id)
        } catch let error as DockerError {
            if removes { try? await docker.removeContainer(claim.id, force: true) }
            throw await namingHolder(error)
        }
        // A wait for the end of a container that never began would last for ever.
        guard let container = try await docker.containerIfPresent(claim.id) else { throw Self.removedContainer(claim.container.name) }
        if container.state.status == .created { throw Self.neverStarted(claim.container.name, container.state.error) }
    }

    private func namingHolder(_ error: DockerError) async -> any Error {
        guard let port = error.port else { return error }
        var failure = LabError(error)
        guard let holder = try? await run.neighbour(publishing: [port]) else {
            if error.isPortAllocated, await isPublished(port) == false { return Self.portStale(port) }
            guard let user = PortUser.name(of: port).map({ SafeLines.clean(text: $0) }) else { return error }
            failure.hint = Text(en: "A program of the user \(user) listens on it.", zh: "用户 \(user) 的程序正在监听它。")
                .followed(by: failure.hint)
            return failure
        }
        let name = holder.container
        failure.hint = Text(
            en:
                "The container \(name) has it. It is \(holder.neighbour.possession.en). Stop it there, or let this workspace use another port.",
            zh: "占用它的是\(holder.neighbour.possession.zh)容器 \(name)。请在那个工作区停止它，或让本工作区改用其他端口。"
        )
        .followed(by: failure.hint)
        return failure
    }

    /// Whether a container of the engine publishes this port. Nil if the engine doesn't say.
    private func isPublished(_ port: Int) async -> Bool? {
        let containers = try? await docker.listContainers(allPorts: true)
        return containers?.contains { $0.ports.contains { $0.host == port } }
    }

    /// An engine that was killed while it started a container restores the port at its next start, without the container.
    private static func portStale(_ port: Int) -> LabError {
        LabError(
            .portStale,
            Text(
                en: "The engine holds port \(port) for a container that doesn't exist any more.",
                zh: "引擎仍为一个已不存在的容器占用端口 \(port)。"),
            hint: Text(
                en: "Restart the engine. Until then, no container gets this port.", zh: "请重启引擎；在此之前，任何容器都无法使用该端口。"))
    }

    static func removedContainer(_ name: String) -> LabError {
        LabError(
            .containerRemoved, Text(en: "\(name) was removed while ailab was waiting for it.", zh: "等待期间容器 \(name) 被删除了。"),
            hint: Text(en: "Run this sub-step again to create another one.", zh: "重新运行这个小节，会创建新的容器。"))
    }

    static func neverStarted(_ name: String, _ reason: String) -> LabError {
        LabError(
            .containerNeverStarted,
            Text(en: "The engine said that it started \(name), but it didn't.", zh: "引擎报告已启动 \(name)，但容器并没有启动。"),
            hint: Text(
                en: "Restart the engine, then run this sub-step again. The engine's log may say more.",
                zh: "请重启引擎，然后重新运行这个小节。引擎日志中可能有更多信息。"),
            cause: reason.isEmpty ? nil : SafeLines.clean(text: reason))
    }

    private func movedMounts(_ claim: Claim) async -> LabError {
        try? await docker.removeContainer(claim.id, force: true)
        return LabError(
            .fileOutside,
            Text(
                en: "A folder that \(claim.container.name) mounts was replaced while the container was being created.",
                zh: "在创建容器 \(claim.container.name) 期间，它要挂载的目录被替换了。"),
            hint: Text(
                en: "Another container of this lab may write to that folder. Stop it (`ailab reset`), then run this sub-step again.",
                zh: "可能是本实验的另一个容器在写这个目录。请先停止它（`ailab reset`），再重新运行这个小节。"))
    }
}
