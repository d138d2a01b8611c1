import InferenceServer
import LabFile
import LabSupport
import LoadTest

extension LabRolloutAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        try task.forgetResults(results)
        try await task.withServer(serve) { client in
            let old = try await publish(task, client)
            let load = try ModelLoad(task.run, try task.access.server(serve.server), client.keys, cases)
            var phases: [RolloutPhase] = []
            for (index, phase) in plan(load, from: old).enumerated() {
                task.progress(phase.label, Double(index), of: 4, .items)
                phases.append(try await run(phase, load, client))
            }
            task.results("rollout.table", Self.table(phases))
            let lost = phases.reduce(0) { $0 + $1.lost }
            let wrong = phases.reduce(0) { $0 + $1.wrong }
            let figures = [
                "requests": Double(phases.reduce(0) { $0 + $1.requests }), "lost": Double(lost), "wrong": Double(wrong),
                "switches": Double(zip(phases, phases.dropFirst()).count { $0.version != $1.version }),
            ]
            try task.save(ResultFile(tables: ["phases": Self.table(phases)], figures: figures), to: results)
            guard lost + wrong == 0 else { throw Self.lost(lost, wrong, phases) }
        }
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        let server = equivalent.run.spec.server(serve.server)
        let management = "http://127.0.0.1:\(server?.managementPort ?? "8081")/models"
        let key = ["-H", "Authorization: Bearer $MANAGEMENT_KEY"]
        let register = { (archive: String) in
            ["curl", "-X", "POST"] + key + ["\(management)?url=\(archive)&model_name=\(model)&initial_workers=1"]
        }
        return [equivalent.command(serve.container, isDetached: true), register(archive)] + next.commands(equivalent)
            + [
                register("\(next.modelName).mar"),
                ["curl", "-X", "PUT"] + key + ["\(management)/\(model)/\(next.version)/set-default"],
                ["docker", "rm", "-f", serve.container.name],
            ]
    }

    var imagesUsed: [String] { [serve.container.image] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) throws -> [HashedFile] {
        try HashedFile.mounted(by: serve.container, in: run) + cases.map { try HashedFile($0.picture, in: run) }
    }

    var places: Set<String> { ["serve", "request", "archive", "run", "container", "host", "daemon"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}

/// One part of the rollout, before it runs.
private struct PlannedPhase: Sendable {
    var label: Text
    var requests: [LoadRequest]
    /// The share of the requests that ask for the second version by its number.
    var share: Double
    /// The version that becomes the default in the middle.
    var next: String?
}

/// What came of it.
private struct RolloutPhase: Sendable {
    var label: Text
    var share: Double
    /// The default version in the end.
    var version: String
    var requests: Int
    var wrong: Int
    var lost: Int
    var p99: Double?
    /// The other statuses that the server answered, and the failures on the way, each with its count. Empty if there were none.
    var trouble: String
}

extension LabRolloutAction {
    /// Serves both versions. Returns the version of the first, which is the default.
    fileprivate func publish(_ task: TaskContext, _ client: TorchServeClient) async throws -> String {
        let register = { (archive: String, version: String?) async throws in
            let registration = TorchServeRegistration(url: archive, model: model, initialWorkers: 1)
            try await task.load(registration, version: version, on: client, within: serve.ready)
        }
        try await register(archive, nil)
        try await next.perform(in: task)
        try await register("\(next.modelName).mar", next.version)
        return try await client.describe(model).first?.modelVersion ?? "1.0"
    }

    fileprivate func plan(_ load: ModelLoad, from old: String) -> [PlannedPhase] {
        let all = load.requests(model)
        let canary = load.requests(model, canary: next.version, every: canary)
        let new = next.version
        return [
            PlannedPhase(label: Text(en: "version \(old) alone", zh: "只有版本 \(old)"), requests: all, share: 0),
            PlannedPhase(label: Text(en: "canary", zh: "金丝雀"), requests: canary, share: 1 / Double(self.canary)),
            PlannedPhase(label: Text(en: "switch to \(new)", zh: "切换到 \(new)"), requests: all, share: 0, next: new),
            PlannedPhase(label: Text(en: "roll back to \(old)", zh: "回滚到 \(old)"), requests: all, share: 0, next: old),
        ]
    }

    fileprivate func run(_ phase: PlannedPhase, _ load: ModelLoad, _ client: TorchServeClient) async throws -> RolloutPhase {
        let length = try ModelLoad.number(seconds)
        let warmUp = 0.2
        // The change happens under load: in the middle of the measured time.
        async let change: Void = {
            guard let version = phase.next else { return }
            try await Task.sleep(for: .seconds(warmUp + length / 2))
            try await client.setDefault(model, version: version)
        }()
        let pacing = LoadPlan.Pacing.rate(try ModelLoad.number(rate), connections: 32)
        let report = try await load.run(phase.requests, pacing, warmUp: warmUp, seconds: length)
        do {
            try await change
        } catch let error as TorchServeError {
            throw LabError(torchServe: error, keys: client.keys)
        }
        let tally = report.tally
        return RolloutPhase(
            label: phase.label, share: phase.share, version: try await client.describe(model).first?.modelVersion ?? "?",
            requests: tally.answered + tally.lost, wrong: tally.wrong, lost: tally.lost, p99: tally.p99,
            trouble: Self.trouble(tally))
    }

    private static func trouble(_ tally: LoadTally) -> String {
        let statuses = tally.statuses.filter { $0.key / 100 != 2 }.map { "HTTP \($0.key): \($0.value)" }
        let failures = tally.failures.map { "\($0.key): \($0.value)" }
        return (statuses.sorted() + failures.sorted()).joined(separator: ", ")
    }

    fileprivate static func table(_ phases: [RolloutPhase]) -> ResultTable {
        ResultTable(
            title: Text(en: "Two versions, one server", zh: "一个服务器，两个版本"),
            columns: [
                ResultTable.Column("phase", Text(en: "phase", zh: "阶段"), .text),
                ResultTable.Column("share", Text(en: "sent to the new version", zh: "指定新版本的比例"), .share),
                ResultTable.Column("default", Text(en: "default at the end", zh: "结束时的默认版本"), .text),
                ResultTable.Column("requests", Text(en: "requests", zh: "请求数")),
                ResultTable.Column("lost", Text(en: "lost", zh: "丢失")),
                ResultTable.Column("wrong", Text(en: "wrong", zh: "结果错误")),
                ResultTable.Column("p99", Text(en: "p99 (ms)", zh: "p99（毫秒）")),
            ],
            rows: phases.map { phase in
                [
                    .text(phase.label), .number(phase.share), .text(Text(verbatim: phase.version)), .number(Double(phase.requests)),
                    .number(Double(phase.lost)), .number(Double(phase.wrong)), .number(phase.p99),
                ]
            },
            chart: ResultTable.Chart(column: 6, labels: [0]))
    }

    fileprivate static func lost(_ lost: Int, _ wrong: Int, _ phases: [RolloutPhase]) -> LabError {
        let causes = phases.filter { !$0.trouble.isEmpty }.map { "\($0.label.en): \($0.trouble)" }
        return LabError(
            .rolloutLost,
            Text(
                en: "\(lost) requests were lost and \(wrong) had a wrong answer.", zh: "有 \(lost) 个请求丢失，\(wrong) 个响应错误。"),
            hint: Text(
                en:
                    "A rollout should lose none. A server that is too slow for this rate answers 503 to some. Lower the requests per second in the settings, or end what else uses the processors, and run this sub-step again.",
                zh: "发布过程不应丢失任何请求。服务器跟不上这个速率时，会对部分请求返回 503。请在设置中调低每秒请求数，或结束占用处理器的其他程序，然后重新运行本小节。"),
            cause: causes.isEmpty ? nil : causes.joined(separator: "\n"))
    }
}
