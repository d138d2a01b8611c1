import InferenceServer
import LabFile
import LabSupport
import LoadTest

extension LabTuneAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        try task.forgetResults(results)
        try await task.withServer(serve) { client in
            let load = try ModelLoad(task.run, try task.access.server(serve.server), client.keys, cases)
            let levels = try await measure(task, client, load)
            guard let best = levels.max(by: { $0.throughput < $1.throughput }), best.throughput > 0 else { throw Self.noAnswer(model) }
            task.results("tune.table", Self.table(levels))
            let rates = try await search(task, client, load, best)
            task.results("tune.rates", Self.table(rates, limit))
            let sound = rates.filter { $0.handled }.map(\.rate).max()
            let figures = [
                "best_throughput": (best.throughput * 10).rounded() / 10, "best_workers": Double(best.workers),
                "best_batch": Double(best.batch), "best_rate": (sound.map { ($0 * 10).rounded() / 10 }) ?? 0,
                "faults": Double(levels.reduce(0) { $0 + $1.faults }),
            ]
            try task.save(
                ResultFile(tables: ["runs": Self.table(levels), "rates": Self.table(rates, limit)], figures: figures), to: results)
            if sound == nil { tellOverLimit(task) }
        }
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        let server = equivalent.run.spec.server(serve.server)
        let management = "http://127.0.0.1:\(server?.managementPort ?? "8081")/models"
        let key = ["-H", "Authorization: Bearer $MANAGEMENT_KEY"]
        let settings = "batch_size=\(batches.last ?? 1)&max_batch_delay=\(delay)&initial_workers=\(workers.last ?? 1)"
        return [
            equivalent.command(serve.container, isDetached: true),
            ["curl", "-X", "POST"] + key + ["\(management)?url=\(archive)&model_name=\(name(batches.last ?? 1))&\(settings)"],
            ["curl", "-X", "PUT"] + key + [
                "\(management)/\(name(batches.last ?? 1))?min_worker=\(workers.first ?? 1)&max_worker=\(workers.first ?? 1)"
            ],
            ["docker", "rm", "-f", serve.container.name],
        ]
    }

    var imagesUsed: [String] { [serve.container.image] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) throws -> [HashedFile] {
        try HashedFile.mounted(by: serve.container, in: run) + cases.map { try HashedFile($0.picture, in: run) }
    }

    var places: Set<String> { ["serve", "request", "run", "container", "host", "daemon"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}

/// What one setting of the server achieved.
private struct TuneLevel: Sendable {
    var workers: Int
    var batch: Int
    var throughput: Double
    var p50: Double?
    var p99: Double?
    var faults: Int
}

/// What came of one rate.
private struct TuneRate: Sendable {
    var rate: Double
    var throughput: Double
    var p99: Double?
    var faults: Int
    var handled: Bool
}

extension LabTuneAction {
    private var length: Double { get throws { try ModelLoad.number(seconds) } }
    private var warmUp: Double { get throws { min(1, try length / 2) } }

    /// Each batch size is registered once, with the most workers, and then loses workers. To start one takes seconds.
    fileprivate func measure(_ task: TaskContext, _ client: TorchServeClient, _ load: ModelLoad) async throws -> [TuneLevel] {
        var levels: [TuneLevel] = []
        let counts = Set(workers).sorted(by: >)
        let total = Double(counts.count * batches.count + 1)
        for batch in batches {
            try await register(task, client, workers: counts.first ?? 1, batch: batch)
            for (index, count) in counts.enumerated() {
                let label = Text(en: "\(count) × batch \(batch)", zh: "\(count) 个 worker，批大小 \(batch)")
                task.progress(label, Double(levels.count), of: total, .items)
                if index > 0 {
                    try await client.scale(name(batch), workers: count)
                    try await task.waitWorkers(name(batch), nil, count, client, within: serve.ready)
                }
                let report = try await load.run(
                    load.requests(name(batch)), .concurrency(connections), warmUp: warmUp, seconds: length)
                let tally = report.tally
                levels.append(
                    TuneLevel(
                        workers: count, batch: batch, throughput: report.throughput, p50: tally.p50, p99: tally.p99,
                        faults: tally.lost + tally.wrong))
                task.say("\(label.en): \(ShownNumber.significant(report.throughput)) requests per second")
            }
            try await stopWorkers(client, batch)
        }
        return levels.sorted { ($0.workers, $0.batch) < ($1.workers, $1.batch) }
    }

    /// Tries rates with the best setting: see `RateSearch`.
    fileprivate func search(
        _ task: TaskContext, _ client: TorchServeClient, _ load: ModelLoad, _ best: TuneLevel
    ) async throws -> [TuneRate] {
        try await client.scale(name(best.batch), workers: best.workers)
        try await task.waitWorkers(name(best.batch), nil, best.workers, client, within: serve.ready)
        var search = RateSearch(start: best.throughput / 2, step: best.throughput / 10)
        var rates: [TuneRate] = []
        let count = Int(shown: min(100, max(1, try ModelLoad.number(rounds))))
        for round in 0..<count {
            let rate = search.rate
            let label = Text(en: "Rate \(Int(shown: rate)) per second", zh: "每秒 \(Int(shown: rate)) 个请求")
            task.progress(label, Double(round), of: Double(count), .items)
            let pacing = LoadPlan.Pacing.rate(rate, connections: max(connections * 4, 16))
            let report = try await load.run(load.requests(name(best.batch)), pacing, warmUp: warmUp, seconds: length)
            let tally = report.tally
            let faults = tally.lost + tally.wrong
            if faults > 0 {
                task.say("rate \(Int(shown: rate)): \(tally.lost) lost, \(tally.wrong) wrong")
            }
            let handled = faults == 0 && (tally.p99 ?? .infinity) <= Double(limit)
            rates.append(TuneRate(rate: rate, throughput: report.throughput, p99: tally.p99, faults: faults, handled: handled))
            search.take(handled: handled)
        }
        if !search.hasExceeded { tellNoLimit(task, search.best ?? 0) }
        return rates
    }

    /// Each batch size has its own name on the server: TorchServe 0.12 answers 500 when a model that lost workers is unregistered.
    private func name(_ batch: Int) -> String { "\(model)-\(batch)" }

    /// Frees the memory and the processors for the next batch size.
    private func stopWorkers(_ client: TorchServeClient, _ batch: Int) async throws {
        try await client.scale(name(batch), workers: 0)
        for _ in 0..<50 {
            if try await client.describe(name(batch)).first?.workers.isEmpty ?? true { return }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func tellNoLimit(_ task: TaskContext, _ best: Double) {
        task.notice(
            "tune.noLimit",
            Text(
                en: "Every rate that was tried kept the p99 below \(limit) ms: the server can do at least \(Int(shown: best)) per second.",
                zh: "尝试过的速率都使 p99 低于 \(limit) 毫秒：服务器每秒至少能处理 \(Int(shown: best)) 个请求。"),
            level: .warning)
    }

    private func tellOverLimit(_ task: TaskContext) {
        task.notice(
            "tune.overLimit",
            Text(
                en: "No rate that was tried kept the p99 below \(limit) ms. Other programs may use the processors now.",
                zh: "尝试过的速率都不能使 p99 低于 \(limit) 毫秒。可能有其他程序正在占用处理器。"),
            level: .warning)
    }

    private func register(_ task: TaskContext, _ client: TorchServeClient, workers: Int, batch: Int) async throws {
        let registration = TorchServeRegistration(
            url: archive, model: name(batch), initialWorkers: workers, batchSize: batch, maxBatchDelay: delay)
        try await task.load(registration, on: client, within: serve.ready)
    }

    fileprivate static func table(_ levels: [TuneLevel]) -> ResultTable {
        ResultTable(
            title: Text(en: "Workers and batches", zh: "worker 数与批大小"),
            columns: [
                ResultTable.Column("workers", Text(en: "workers", zh: "worker 数")),
                ResultTable.Column("batch", Text(en: "batch", zh: "批大小")),
                ResultTable.Column("throughput", Text(en: "requests/s", zh: "请求/秒")),
                ResultTable.Column("p50", Text(en: "p50 (ms)", zh: "p50（毫秒）")),
                ResultTable.Column("p99", Text(en: "p99 (ms)", zh: "p99（毫秒）")),
                ResultTable.Column("faults", Text(en: "lost or wrong", zh: "丢失或错误")),
            ],
            rows: levels.map { level in
                [
                    .number(Double(level.workers)), .number(Double(level.batch)), .number(level.throughput), .number(level.p50),
                    .number(level.p99), .number(Double(level.faults)),
                ]
            },
            chart: ResultTable.Chart(column: 2, labels: [0, 1]))
    }

    fileprivate static func table(_ rates: [TuneRate], _ limit: Int) -> ResultTable {
        ResultTable(
            title: Text(
                en: "The search for the largest rate with a p99 of at most \(limit) ms", zh: "寻找 p99 不超过 \(limit) 毫秒的最大速率"),
            columns: [
                ResultTable.Column("rate", Text(en: "rate (1/s)", zh: "速率（次/秒）")),
                ResultTable.Column("throughput", Text(en: "answered/s", zh: "响应/秒")),
                ResultTable.Column("p99", Text(en: "p99 (ms)", zh: "p99（毫秒）")),
                ResultTable.Column("faults", Text(en: "lost or wrong", zh: "丢失或错误")),
                ResultTable.Column("verdict", Text(en: "verdict", zh: "判定"), .text),
            ],
            rows: rates.map { one in
                let verdict = one.handled ? Text(en: "kept", zh: "达标") : Text(en: "exceeded", zh: "超限")
                return [
                    .number(one.rate.rounded()), .number(one.throughput), .number(one.p99), .number(Double(one.faults)), .text(verdict),
                ]
            },
            chart: ResultTable.Chart(column: 2, labels: [0]))
    }

    fileprivate static func noAnswer(_ model: String) -> LabError {
        LabError(
            .tuneNoAnswer, Text(en: "\(model) answered no request correctly.", zh: "\(model) 没有正确回答任何请求。"),
            hint: Text(en: "Look at the server's output: `ailab logs`.", zh: "请查看服务器输出：`ailab logs`。"))
    }
}
