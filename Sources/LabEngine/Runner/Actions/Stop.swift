import ContainerEngine
import LabFile
import LabSupport

extension LabStopAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        let name = try task.access.server(server).container
        let docker = try await task.docker
        guard let details = try await docker.containerIfPresent(name) else {
            task.notice("stop.gone", Text(en: "\(name) no longer exists.", zh: "\(name) 已经不存在。"))
            return
        }
        guard Label.isOwn(name, details.config.labels, workspace: task.run.workspace.id) else {
            throw await task.nameTaken(name, by: details)
        }
        try await docker.stopContainer(details.id, grace: .seconds(15))
        try await docker.removeContainer(details.id)
    }

    func commands(_ equivalent: Equivalent) -> [[String]] { [["docker", "rm", "-f", equivalent.container(of: server)]] }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["container", "run", "host", "daemon"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}
