import LabFile

/// The requirements of `RunnableAction` that are the same for actions that only run one container.
extension RunnableAction where Self: ContainerAction {
    func commands(_ equivalent: Equivalent) -> [[String]] { [equivalent.command(container)] }

    var imagesUsed: [String] { [container.image] }

    var hashedValue: Any? { container }

    func hashedFiles(in run: RunContext) throws -> [HashedFile] { try HashedFile.mounted(by: container, in: run) }

    var places: Set<String> { ["run", "container", "train", "host", "daemon", "build", "pull"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}
