import ContainerEngine
package import LabFile
import LabSupport

/// The command lines that equal what a task does: what the student would type.
package struct Equivalent: Sendable {
    private let run: RunContext
    /// What the engine has under the names that the lab uses, as far as it was asked.
    private let images: [String: ResolvedImage]

    package init(_ run: RunContext) { self.init(run, images: [:]) }

    private init(_ run: RunContext, images: [String: ResolvedImage]) {
        self.run = run
        self.images = images
    }

    /// The same with the images as the engine has them: a stand-in under its own name.
    func asking(about action: LabAction) async -> Equivalent {
        var images = images
        for name in Set(action.imagesUsed) { images[name] = try? await run.resolve(name) }
        if case .build(let build) = action, let image = try? await run.workspaceImage(of: build) {
            images[build.tag] = ResolvedImage(reference: image.shownTag, setsHome: true)
        }
        return Equivalent(run, images: images)
    }

    /// In the order in which they would be typed; empty where nothing of the kind exists.
    package func commands(of action: LabAction) -> [String] {
        words(of: action).filter { !$0.isEmpty }.map { ShellWord.line($0) }
    }

    private func words(of action: LabAction) -> [[String]] {
        switch action {
        case .read, .file: []
        case .facts(let facts): facts.map(command)
        case .image(let name): run.spec.image(name).map { image($0) } ?? []
        case .build(let build): [command(build)]
        case .run(let container), .compare(let container): [command(container)]
        case .shell(let shell): [command(shell.container, terminal: true)]
        case .exec(let exec): [command(exec.command, in: exec.container, user: exec.user)]
        case .containers: [["docker", "ps", "-a"]]
        case .copy(let copy):
            switch copy.direction {
            case .into: [DockerCommand.copy(run.workPath(copy.outside), into: copy.container, at: copy.inside)]
            case .out: [DockerCommand.copy(copy.inside, from: copy.container, to: run.workPath(copy.outside))]
            }
        case .fetch(let fetch):
            fetch.files.map { file in ["curl", "-L", "--create-dirs", "-o", run.workPath(file.path), file.urls.first ?? ""] }
        case .serve(let serve): [command(serve.container, isDetached: true)]
        case .archive(let archive):
            [command(Self.archiver(archive), in: run.spec.server(archive.server)?.container ?? archive.server, user: nil)]
        case .register(let register): [command(register)]
        case .predict(let predict): predict.cases.map { command(predict, $0) }
        case .stop(let server): [["docker", "rm", "-f", run.spec.server(server)?.container ?? server]]
        }
    }

    /// torch-model-archiver's own command line.
    static func archiver(_ action: LabArchiveAction) -> [String] {
        var words = ["torch-model-archiver", "--model-name", action.modelName, "--version", action.version]
        if let model = action.modelFile { words += ["--model-file", model] }
        words += ["--serialized-file", action.serializedFile, "--handler", action.handler]
        if !action.extraFiles.isEmpty { words += ["--extra-files", action.extraFiles.joined(separator: ",")] }
        return words + ["--export-path", action.exportPath, "--force"]
    }

    /// Empty for what no one command tells.
    private func command(_ fact: LabFact) -> [String] {
        switch fact {
        case .engine: ["docker", "info"]
        case .disk: ["df", "-h", run.workspace.root]
        case .memory: ["free", "-h"]
        case .processors: ["nproc"]
        case .gpu: ["nvidia-smi"]
        case .network: []
        }
    }

    private func image(_ image: LabImage) -> [[String]] {
        image.sources.prefix(1).compactMap { source in
            if case .pull(let reference) = source { DockerCommand.pull(reference) } else { nil }
        }
    }

    private func command(_ build: LabBuildAction) -> [String] {
        let own = build.student.map { run.workPath($0) }.flatMap { !run.options.auto && Files.exists($0) ? $0 : nil }
        let options = BuildOptions(
            tags: [tag(build.tag)], dockerfile: own ?? run.labPath(build.dockerfile), arguments: build.arguments.mapValues { tag($0) })
        return DockerCommand.build(options, directory: run.labPath(build.context))
    }

    private func command(_ container: LabContainer, terminal: Bool = false, isDetached: Bool = false) -> [String] {
        let image = ResolvedImage(reference: tag(container.image), setsHome: images[container.image]?.setsHome ?? true)
        // Sizes that cannot be read are refused when the container is made; here there is just nothing to show.
        guard let config = try? run.config(container, image: image, terminal: terminal) else { return [] }
        return DockerCommand.run(config, name: container.name, isDetached: isDetached)
    }

    private func command(_ words: [String], in container: String, user: String?) -> [String] {
        var config = ExecConfig(words)
        config.user = user
        return DockerCommand.exec(container, config)
    }

    private func command(_ register: LabRegisterAction) -> [String] {
        let port = run.spec.server(register.server)?.managementPort ?? "8081"
        let query = "url=\(register.archive)&model_name=\(register.model)&initial_workers=\(register.workers)"
        return ["curl", "-X", "POST", "-H", "Authorization: Bearer $MANAGEMENT_KEY", "http://127.0.0.1:\(port)/models?\(query)"]
    }

    private func command(_ predict: LabPredictAction, _ one: LabPredictionCase) -> [String] {
        let port = run.spec.server(predict.server)?.inferencePort ?? "8080"
        return [
            "curl", "-T", run.labPath(one.picture), "-H", "Authorization: Bearer $INFERENCE_KEY",
            "http://127.0.0.1:\(port)/predictions/\(predict.model)",
        ]
    }

    /// The reference that `image:NAME` most likely stands for; which one it really is, the engine knows.
    private func tag(_ reference: String) -> String {
        images[reference]?.reference ?? run.spec.namedImage(reference)?.tag ?? reference
    }
}

extension LabAction {
    /// Images of the engine that it starts from.
    fileprivate var imagesUsed: [String] {
        switch self {
        case .run(let container), .compare(let container): [container.image]
        case .shell(let shell): [shell.container.image]
        case .serve(let serve): [serve.container.image]
        case .build(let build): build.arguments.values.filter { LabImage.name(in: $0) != nil }
        default: []
        }
    }
}
