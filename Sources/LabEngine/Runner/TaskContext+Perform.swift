import LabFile

extension TaskContext {
    /// Records the start of the task.
    func begin() async {
        let quick = run.options.quick ? task.expectedQuickSeconds : nil
        let commands = await Equivalent(run).asking(about: task.action).commands(of: task.action)
        emit(
            .taskStarted(
                TaskStarted(
                    title: task.title, expectedSeconds: quick ?? task.expectedSeconds, commands: commands, fingerprint: fingerprint)))
    }

    /// Performs the task's action.
    func perform() async throws { try await task.action.runnable.perform(in: self) }
}
