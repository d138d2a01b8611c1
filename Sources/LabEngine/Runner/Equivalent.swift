import ContainerEngine
package import LabFile

/// The command lines that do the same as a task. The student would type these.
package struct Equivalent: Sendable {
    let run: RunContext
    /// The images behind the names in the lab file, if the engine was asked. Nil for a name about which it couldn't say anything: it isn't asked
    /// again.
    private let images: [String: ResolvedImage?]

    package init(_ run: RunContext) { self.init(run, images: [:]) }

    private init(_ run: RunContext, images: [String: ResolvedImage?]) {
        self.run = run
        self.images = images
    }

    /// The same, with the images as the engine has them. A stand-in has its own name.
    package func asking(about action: LabAction) async -> Equivalent {
        var images = images
        for name in Set(action.runnable.imagesUsed) where !images.keys.contains(name) {
            images.updateValue(try? await run.resolve(name), forKey: name)
        }
        if let image = try? await action.runnable.imageMade(in: run) {
            images[image.tag] = ResolvedImage(reference: image.shownTag, setsHome: true)
        }
        return Equivalent(run, images: images)
    }

    /// The commands of many tasks. The engine is asked once for each image, and for all of them at the same time.
    package func commands(of tasks: [LabTask]) async -> [TaskID: [String]] {
        let images = await withTaskGroup(of: (String, ResolvedImage?).self) { group in
            for name in Set(tasks.flatMap(\.action.runnable.imagesUsed)) { group.addTask { (name, try? await run.resolve(name)) } }
            return await group.reduce(into: self.images) { images, answer in images.updateValue(answer.1, forKey: answer.0) }
        }
        let known = Equivalent(run, images: images)
        return await withTaskGroup(of: (TaskID, [String]).self) { group in
            for task in tasks { group.addTask { (task.id, await known.asking(about: task.action).commands(of: task.action)) } }
            return await group.reduce(into: [:]) { commands, answer in commands[answer.0] = answer.1 }
        }
    }

    /// In the order in which they are typed. Empty if no command does it.
    package func commands(of action: LabAction) -> [String] {
        let lines = action.runnable.commands(self).filter { !$0.isEmpty }.map { ShellWord.line($0) }
        return lines.map { run.engine.kind?.spoken(command: $0) ?? $0 }
    }

    private func image(_ name: String) -> ResolvedImage? { images[name] ?? nil }

    /// `docker run`.
    func command(
        _ container: LabContainer, terminal: Bool = false, isDetached: Bool = false, adjust: (inout ContainerConfig) -> Void = { _ in }
    ) -> [String] {
        let image = ResolvedImage(reference: tag(container.image), setsHome: image(container.image)?.setsHome ?? true)
        // Unreadable sizes are reported when the container is created, so there is nothing to show here.
        guard var config = try? run.config(container, image: image, terminal: terminal) else { return [] }
        adjust(&config)
        return DockerCommand.run(config, name: container.name, isDetached: isDetached)
    }

    /// `docker exec`.
    func command(_ words: [String], in container: String, user: String?) -> [String] {
        var config = ExecConfig(words)
        config.user = user
        return DockerCommand.exec(container, config)
    }

    /// The container of a server.
    func container(of server: String) -> String { run.spec.server(server)?.container ?? server }

    /// The reference that `image:NAME` probably means. Only the engine knows for certain.
    func tag(_ reference: String) -> String {
        image(reference)?.reference ?? run.spec.namedImage(reference)?.tag ?? reference
    }
}
