import LabFile

extension TaskContext {
    /// Announces the task.
    func begin() async {
        let quick = run.options.quick ? task.expectedQuickSeconds : nil
        let commands = await Equivalent(run).asking(about: task.action).commands(of: task.action)
        emit(
            .taskStarted(
                TaskStarted(
                    title: task.title, expectedSeconds: quick ?? task.expectedSeconds, commands: commands, fingerprint: fingerprint)))
    }

    /// Does what the task's action says.
    func perform() async throws {
        switch task.action {
        case .read: break
        case .facts(let facts): try await report(facts)
        case .image(let name):
            guard let image = run.spec.image(name) else { return }
            try await obtain(image)
        case .file(let action): try provide(action)
        case .build(let action): try await build(action)
        case .run(let container): try await run(container)
        case .shell(let action): try await shell(action)
        case .exec(let action): try await exec(action)
        case .containers: try await listContainers()
        case .compare(let container): try await compare(container)
        case .copy(let action): try await copy(action)
        case .fetch(let action): try await fetch(action)
        case .serve(let action): try await serve(action)
        case .archive(let action): try await archive(action)
        case .register(let action): try await register(action)
        case .predict(let action): try await predict(action)
        case .stop(let server): try await stop(server)
        }
    }
}
