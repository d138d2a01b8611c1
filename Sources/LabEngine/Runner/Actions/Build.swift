import ContainerEngine
import HostFacts
import LabFile
import LabSupport

extension LabBuildAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        let recipe = try BuildRecipe(self, task.run)
        if recipe.isReference {
            task.notice(
                Self.usedReference,
                Text(en: "Building the lab's reference \(dockerfile).", zh: "使用实验自带的参考文件 \(dockerfile) 构建。"))
        } else {
            task.notice(Self.usedOwn, Text(en: "Building your own \(recipe.shownPath).", zh: "使用你自己的 \(recipe.shownPath) 构建。"))
        }
        var arguments: [String: String] = [:]
        for (name, value) in self.arguments { arguments[name] = try await task.run.reference(value) }
        arguments.merge(task.run.network.proxyVariables) { own, _ in own }
        let context = try BuildContext(
            directory: task.run.labPath(context), dockerfile: BuildRecipe.name, extra: [BuildRecipe.name: recipe.dockerfile])
        let image = try await task.run.workspaceImage(of: self)
        let options = BuildOptions(
            tags: [image.ownTag], dockerfile: BuildRecipe.name, arguments: arguments, labels: task.labels(image: image.tag))
        try await task.build(image, options, context: context.archive().body)
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        let run = equivalent.run
        let own = student.map { run.workPath($0) }.flatMap { !run.options.auto && Files.exists($0) ? $0 : nil }
        let options = BuildOptions(
            tags: [equivalent.tag(ImageReference(tag).description)], dockerfile: own ?? run.labPath(dockerfile),
            arguments: arguments.mapValues { equivalent.tag($0) })
        return [DockerCommand.build(options, directory: run.labPath(context))]
    }

    var imagesUsed: [String] { arguments.values.filter { LabImage.name(in: $0) != nil } }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) -> [HashedFile] {
        let recipe = (try? BuildRecipe(self, run))?.dockerfile ?? []
        return HashedFile.tree(context, in: run) + [HashedFile("Dockerfile", hash: SHA256.hex(of: recipe))]
    }

    var places: Set<String> { ["build", "pull", "daemon", "host"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { try await run.workspaceImage(of: self) }

    func look(in run: RunContext, fingerprint: String, isRecorded: Bool) async -> TaskLook? {
        // The image says what this workspace built it from. Built from other files, it isn't the result of this task as it stands.
        guard let used = try? await run.workspaceImage(of: self).used?.entry, used.owner == .own,
            used.details.config.labels?[Label.fingerprint] != fingerprint
        else { return nil }
        return TaskLook(checks: [], isLive: false, isDone: false, isByHand: false)
    }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> {
        let codes = notices.map(\.code)
        let used: [(String, SolutionAuthor)] = [(Self.usedReference, .lab), (Self.usedOwn, .student)]
        return Set(used.filter { codes.contains($0.0) }.map(\.1))
    }
}

extension LabBuildAction {
    /// Codes of the notices that say whose Dockerfile a build uses.
    private static let usedReference = "build.reference"
    private static let usedOwn = "build.student"
}
