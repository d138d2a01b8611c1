import LabFile
import LabSupport

extension LabExperimentAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        try task.forgetResults(results)
        task.rows.withLock { $0 = [] }
        let code = try await task.withLimit(timeout, what: command.first ?? "") {
            try await task.execute(command, in: container, user: user)
        } onGiveUp: {
        }
        let rows = task.rows.withLock { $0 }
        let table = ResultTable(
            title: title, columns: columns,
            rows: rows.map { row in columns.map { row[$0.name] ?? .number(nil) } })
        // If the program fails, the rows that it printed before show how far it came.
        if !rows.isEmpty { task.results("experiment.table", table) }
        guard code == 0 else { throw task.execError(command, code) }
        try task.save(ResultFile(tables: ["rows": table]), to: results)
    }

    func commands(_ equivalent: Equivalent) -> [[String]] { [equivalent.command(command, in: container, user: user)] }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? {
        // What the table is called doesn't change what is measured.
        var measured = self
        measured.title = Text(verbatim: "")
        for index in measured.columns.indices { measured.columns[index].title = Text(verbatim: "") }
        return measured
    }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["container", "run", "serve", "host"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}
