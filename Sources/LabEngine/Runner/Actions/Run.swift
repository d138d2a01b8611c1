import LabFile

extension LabRunAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        try await task.run(container)
    }
}
