import ContainerEngine
import DockerfileCheck
import HostFacts
import LabFile
import LabSupport

extension LabBuildAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        _ = try await task.docker
        let written = try BuildRecipe(self, task.run)
        let recipe = try await task.prepared(written)
        if recipe.isReference {
            task.notice(
                Self.usedReference,
                Text(en: "Building the lab's reference \(dockerfile).", zh: "使用实验自带的参考文件 \(dockerfile) 构建。"))
        } else {
            task.notice(Self.usedOwn, Text(en: "Building your own \(recipe.shownPath).", zh: "使用你自己的 \(recipe.shownPath) 构建。"))
        }
        let review = try examine(recipe, in: task)
        var arguments: [String: String] = [:]
        for (name, value) in self.arguments { arguments[name] = try await task.run.reference(value) }
        arguments.merge(task.run.network.proxyVariables) { own, _ in own }
        let context = try BuildContext(
            task.run.labFile(context), dockerfile: BuildRecipe.name, extra: [BuildRecipe.name: recipe.dockerfile])
        let image = try await task.run.workspaceImage(of: self)
        let options = BuildOptions(
            tags: [image.ownTag], dockerfile: BuildRecipe.name, arguments: arguments, labels: task.labels(image: image.tag))
        do {
            try await task.build(image, options, dockerfile: recipe.dockerfile, context: context.archive().body)
        } catch let error as DockerError where error.instruction != nil {
            throw Self.placed(error, review, written, output: task.transcript.withLock { $0.text })
        }
    }

    /// Checks the file before anything is sent: an error is known in a moment, and the build would take minutes to find it.
    private func examine(_ recipe: BuildRecipe, in task: TaskContext) throws -> DockerfileReview {
        let review = DockerfileExam(self, in: task.run.spec, builder: task.run.builder).review(recipe.dockerfile)
        for notice in review.notices(recipe.shownPath) { task.emit(.notice(notice)) }
        guard review.errors.isEmpty else {
            let hint = recipe.isReference ? nil : LabFileAction.mendHint(recipe.shownPath)
            throw DockerfileFault(refused: review, path: recipe.shownPath, hint: hint)
        }
        return review
    }

    /// The failure with the line of the instruction that failed.
    private static func placed(
        _ error: DockerError, _ review: DockerfileReview, _ recipe: BuildRecipe, output: String
    ) -> any Error {
        var failure = LabError(error)
        guard let words = error.instruction, let instruction = review.instruction(step: error.step ?? 0, words) else { return failure }
        let (first, last) = (instruction.lines.lowerBound, instruction.lines.upperBound)
        let name = Files.name(of: recipe.shownPath)
        let lines = first == last ? "\(first)" : "\(first)–\(last)"
        let place = Text(en: "\(name), line\(first == last ? "" : "s") \(lines): ", zh: "\(name) 第 \(lines) 行：")
        failure.message = place.joined(failure.message)
        return DockerfileFault(failure, at: instruction, review, output: output, path: recipe.shownPath) ?? failure
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        let run = equivalent.run
        // Before the student writes a file, the command shows the one that they will write.
        let recipe = try? BuildRecipe(self, run)
        let isOpen = recipe?.isReference != false && !run.options.auto && !run.options.usesReference
        let own = isOpen ? student.map { run.workFile($0).shown } : recipe?.shownPath
        let options = BuildOptions(
            tags: [equivalent.tag(ImageReference(tag).description)], dockerfile: own ?? run.labFile(dockerfile).shown,
            arguments: arguments.mapValues { equivalent.tag($0) })
        let command = DockerCommand.build(options, directory: run.labFile(context).shown)
        // Docker's own client doesn't leave the caches out, but it can use BuildKit on an engine that doesn't suggest it.
        let needsBuildKit = run.builder?.kind == .classic && recipe.map { Dockerfile($0.dockerfile).hasCacheMounts } == true
        return [needsBuildKit ? ["env", "DOCKER_BUILDKIT=1"] + command : command]
    }

    var imagesUsed: [String] { arguments.values.filter { LabImage.name(in: $0) != nil } }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) throws -> [HashedFile] {
        let recipe = (try? BuildRecipe(self, run))?.dockerfile ?? []
        return try HashedFile.tree(context, in: run) + [HashedFile("Dockerfile", hash: SHA256.hex(of: recipe))]
    }

    var places: Set<String> { ["build", "pull", "daemon", "host"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { try await run.workspaceImage(of: self) }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? {
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
    static let usedReference = "build.reference"
    private static let usedOwn = "build.student"
}
