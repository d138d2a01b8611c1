/// The command lines that equal what a task does: what the student would type.
package struct Equivalent: Sendable {
    private let run: RunContext

    package init(_ run: RunContext) { self.run = run }

    /// In the order in which they would be typed; empty where nothing of the kind exists.
    package func commands(of action: LabAction) -> [String] { words(of: action).map { ShellWord.line($0) } }

    private func words(of action: LabAction) -> [[String]] {
        switch action {
        case .read, .file: []
        case .facts: [["docker", "info"], ["df", "-h", run.workspace.root], ["free", "-h"]]
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

    private func image(_ image: LabImage) -> [[String]] {
        image.sources.prefix(1).compactMap { source in
            if case .pull(let reference) = source { DockerCommand.pull(reference) } else { nil }
        }
    }

    private func command(_ build: LabBuildAction) -> [String] {
        let own = build.student.map { run.workPath($0) }.flatMap { !run.options.auto && Files.exists($0) ? $0 : nil }
        let options = BuildOptions(
            tags: [build.tag], dockerfile: own ?? run.labPath(build.dockerfile), arguments: build.arguments.mapValues { tag($0) })
        return DockerCommand.build(options, directory: run.labPath(build.context))
    }

    private func command(_ container: LabContainer, terminal: Bool = false, isDetached: Bool = false) -> [String] {
        var config = ContainerConfig(image: tag(container.image), command: container.command.isEmpty ? nil : container.command)
        config.entrypoint = container.entrypoint
        config.environment = container.environment
        config.hasTerminal = terminal
        config.keepsInputOpen = terminal
        config.user = container.user
        config.ports = container.ports.map { PortMapping(container: $0.container, host: Int($0.host)) }
        config.mounts = container.mounts.map { mount in
            switch mount.source {
            case .workspace(let path): ContainerMount(source: run.workPath(path), target: mount.target, isReadOnly: mount.readOnly)
            case .lab(let path): ContainerMount(source: run.labPath(path), target: mount.target, isReadOnly: true)
            }
        }
        if container.gpu == .auto, run.device == "gpu" { config.gpus = .all }
        config.memory = container.memory.flatMap { try? ByteSize.parse($0) }
        config.sharedMemory = container.shm.flatMap { try? ByteSize.parse($0) }
        config.cpus = container.cpus.flatMap { Double($0) }
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
    private func tag(_ reference: String) -> String { run.spec.namedImage(reference)?.tag ?? reference }
}
