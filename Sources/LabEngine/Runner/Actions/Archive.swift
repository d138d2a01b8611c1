import LabFile

extension LabArchiveAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        let command = archiver
        let code = try await task.execute(command, in: try task.access.server(server).container)
        guard code == 0 else { throw task.execError(command, code) }
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        [equivalent.command(archiver, in: equivalent.container(of: server), user: nil)]
    }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["archive", "container", "host"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}

extension LabArchiveAction {
    /// The command line of torch-model-archiver.
    private var archiver: [String] {
        var words = ["torch-model-archiver", "--model-name", modelName, "--version", version]
        if let model = modelFile { words += ["--model-file", model] }
        words += ["--serialized-file", serializedFile, "--handler", handler]
        if !extraFiles.isEmpty { words += ["--extra-files", extraFiles.joined(separator: ",")] }
        return words + ["--export-path", exportPath, "--force"]
    }
}
