import LabFile
import LabSupport

extension LabPredictAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        let evaluator = CheckEvaluator(run: task.run) { task.emit($0) }
        let (right, answers) = try await evaluator.ask(server, model, cases, timeout: timeout)
        guard right == cases.count else {
            throw LabError(
                .predictionWrong,
                Text(
                    en: "\(cases.count - right) of \(cases.count) predictions are wrong.",
                    zh: "\(cases.count) 个预测中有 \(cases.count - right) 个错误。"),
                hint: Text(
                    en: "The server works; the model is not good enough. Train it longer: `ailab step 3 --force --epochs 5`.",
                    zh: "服务器正常，但模型还不够好。可以训练更久：`ailab step 3 --force --epochs 5`。"),
                cause: answers.filter { !$0.right }.map { "\($0.picture): \($0.top.first?.label ?? "?")" }.joined(separator: "\n"))
        }
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        let port = equivalent.run.spec.server(server)?.inferencePort ?? "8080"
        let url = "http://127.0.0.1:\(port)/predictions/\(model)"
        return cases.map { one in
            ["curl", "-T", equivalent.run.labFile(one.picture).shown, "-H", "Authorization: Bearer $INFERENCE_KEY", url]
        }
    }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) throws -> [HashedFile] { try cases.map { try HashedFile($0.picture, in: run) } }

    var places: Set<String> { ["request", "serve", "container", "host"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}
