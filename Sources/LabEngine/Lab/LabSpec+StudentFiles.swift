import LabSupport

/// Whose file a task depends on: the student's Dockerfiles, and the images that are built from them.
extension LabSpec {
    /// The `file` task's action that asks for the file of this workspace path.
    package func fileAction(of path: String) -> LabFileAction? {
        tasks.firstNonNil { task in if case .file(let file) = task.action, file.path == path { file } else { nil } }
    }

    /// The build that uses the student's file of this workspace path.
    package func buildAction(of path: String) -> LabBuildAction? {
        tasks.firstNonNil { task in if case .build(let build) = task.action, build.student == path { build } else { nil } }
    }

    /// The student's file that a task writes, builds, or runs the image of.
    package func studentFile(usedBy task: LabTask) -> LabFileAction? {
        switch task.action {
        case .file(let file): return file
        case .build(let build): return build.student.flatMap { fileAction(of: $0) }
        case .read, .facts, .image, .run, .shell, .exec, .containers, .compare, .copy, .fetch, .serve, .archive, .register, .predict, .stop,
            .limits, .tune, .rollout, .gpus, .group, .experiment, .cluster:
            guard let image = container(of: task.action)?.image else { return nil }
            let build = tasks.firstNonNil { other in if case .build(let build) = other.action, build.tag == image { build } else { nil } }
            return build?.student.flatMap { fileAction(of: $0) }
        }
    }

    /// The container whose programs an action uses: the one that it starts, or one that another task started.
    private func container(of action: LabAction) -> LabContainer? {
        switch action {
        case .exec(let exec): started(exec.container)
        case .archive(let archive): server(archive.server).flatMap { started($0.container) }
        case .register(let register): server(register.server).flatMap { started($0.container) }
        case .predict(let predict): server(predict.server).flatMap { started($0.container) }
        case .read, .facts, .image, .file, .build, .run, .shell, .containers, .compare, .copy, .fetch, .serve, .stop, .limits, .tune,
            .rollout,
            .gpus, .group, .experiment, .cluster:
            action.startedContainer
        }
    }

    private func started(_ name: String) -> LabContainer? {
        tasks.firstNonNil { task in task.action.startedContainer.flatMap { $0.name == name ? $0 : nil } }
    }
}
