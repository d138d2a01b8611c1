import ContainerEngine
package import LabFile
import LabRunner
package import LabSupport

extension OpenedLab {
    /// The files that serve the lab's model on a platform, with the settings of the workspace. Nothing is written. Throws `usage.deploy` if the
    /// lab has no model to deploy, or if its archive doesn't exist yet. `labWords` mean the lab in a command.
    package func deployment(to target: DeployTarget, labWords: [String], language: Language) async throws -> Deployment {
        guard spec.deployment != nil else {
            throw LabError(
                .usageDeploy, Text(en: "\(spec.id) has no model to deploy.", zh: "\(spec.id) 没有可部署的模型。"),
                hint: Text(
                    en: "A lab with one says so under `deploy:` (docs/lab-file.md).", zh: "可部署的实验会在 `deploy:` 中说明（见 docs/lab-file.md）。"))
        }
        let run = try await inspection(progress, options: progress.options).run
        guard let deployment = run.spec.deployment, let (model, container, port) = run.spec.served(by: deployment) else {
            preconditionFailure("the rules of lab files refuse such a lab")
        }
        let archives = try container.mounts.compactMap { mount -> DeployedService.Mount? in
            guard case .workspace(let folder) = mount.source, try run.workFile("\(folder)/\(model.archive)").exists() else { return nil }
            return DeployedService.Mount(source: try run.workFile(folder).realPath(), target: mount.target)
        }
        guard let archive = archives.first else {
            let step = ShellWord.line(["ailab", "step", "\(deployment.task)"] + labWords)
            throw LabError(
                .usageDeploy,
                Text(
                    en: "There is no archive \(model.archive) in this workspace yet.", zh: "本工作区还没有模型包 \(model.archive)。"),
                hint: Text(
                    en: "`\(step)` makes it, with everything that it needs.",
                    zh: "`\(step)` 会连同所需的一切一起生成它。"))
        }
        let found = try? await run.resolve(container.image)
        let image = found ?? run.unresolved(container.image)
        let config = try run.config(container, image: image)
        let service = DeployedService(
            model: model.model, name: DeployedService.hostName(model.model),
            project: DeployedService.hostName("\(container.name)-\(model.model)"),
            image: config.image, command: deployment.command, entrypoint: config.entrypoint, environment: config.environment,
            user: config.user, port: port.container, hostPort: Int(port.host) ?? port.container, container: container.name,
            mounts: [archive],
            files: try deployment.files.map { file in
                DeployedService.File(
                    name: Files.name(of: file.source), target: file.target, content: try run.labFile(file.source).read())
            },
            ready: deployment.ready, start: model.ready, replicas: deployment.replicas, usesGPU: config.gpus != nil,
            memory: config.memory, sharedMemory: config.sharedMemory, cpus: config.cpus)
        let isPodman = run.engine.kind?.maker == .podman
        return DeployWriter(
            service: service, language: language, isPodman: isPodman, imageState: found == nil ? .unknown : image.exists ? .there : .missing
        ).deployment(target)
    }
}
