import ContainerEngine
import LabFile
import LabSupport

extension LabContainersAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        let run = task.run
        let containers = try await run.docker.listContainers(all: true, labels: ["\(Label.workspace)=\(run.workspace.id)"])
        let rows = containers.map { [$0.names.first ?? String($0.id.prefix(12)), $0.image, $0.statusText] }
        task.fact(
            "containers.list",
            Text(
                en: TextTable.text([["NAME", "IMAGE", "STATUS"]] + rows), zh: TextTable.text([["名称", "镜像", "状态"]] + rows)))
    }

    func commands(_ equivalent: Equivalent) -> [[String]] { [["docker", "ps", "-a"]] }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { nil }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["container", "run", "host", "daemon"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}
