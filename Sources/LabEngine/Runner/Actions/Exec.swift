import LabFile

extension LabExecAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        // A command may not be safe to repeat.
        if await task.isDoneByEarlierAttempt() { return }
        let code = try await task.withLimit(timeout, what: command.first ?? "exec") {
            try await task.execute(command, in: container, user: user)
        } onGiveUp: {
        }
        guard code == 0 else { throw task.execError(command, code) }
    }

    func commands(_ equivalent: Equivalent) -> [[String]] { [equivalent.command(command, in: container, user: user)] }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["container", "run", "serve", "host"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}
