import LabFile

extension LabReadAction: RunnableAction {
    func perform(in task: TaskContext) async throws {}

    func commands(_ equivalent: Equivalent) -> [[String]] { [] }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { nil }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["host"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? {
        TaskLook(checks: [], isLive: true, isDone: true, isByHand: false)
    }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}
