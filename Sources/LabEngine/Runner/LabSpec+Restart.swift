package import LabFile

extension LabSpec {
    /// The task that brings a server back after the lab has stopped it, with its models: the last one that asks it something.
    package func lastUse(of server: String) -> TaskID? {
        tasks.last { task in
            switch task.action {
            case .predict(let action): action.server == server
            case .serve(let action): action.server == server
            case .register(let action): action.server == server
            case .read, .facts, .image, .file, .build, .run, .shell, .exec, .containers, .compare, .copy, .fetch, .archive, .stop,
                .limits, .tune, .rollout, .gpus, .group, .experiment, .cluster:
                false
            }
        }?.id
    }
}

extension RunOptions {
    /// The command that runs a step again although it's done, with these options. A stopped server's steps count as done, so without `--force`
    /// nothing would happen.
    package func commandAgain(_ task: TaskID) -> String {
        let words = again(task.description)
        let isForced = force && words.contains("--force")
        return "ailab step \(words)" + (words.contains("--auto") ? "" : " --auto") + (isForced ? "" : " --force")
    }
}
