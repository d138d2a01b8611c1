import ContainerEngine
import HTTPTransport
import InferenceServer
import LabFile
import LabSupport
import LoadTest
import Telemetry

/// Load on a server of the lab, with the lab's pictures. Each answer is checked.
struct ModelLoad: Sendable {
    /// Requests that wait longer than this count as failed.
    private static let timeout = 20.0
    /// The limit of a load during a change, in seconds. The change ends it sooner, because it has a limit of its own.
    private static let secondsLimit = 3600.0

    private let target: LoadTarget
    private let headers: HTTPHeaders
    private let cases: [(body: [UInt8], one: LabPredictionCase)]

    init(_ run: RunContext, _ server: LabServer, _ keys: TorchServeKeys?, _ cases: [LabPredictionCase]) throws {
        try self.init(run, port: server.inferencePort, keys, cases)
    }

    /// The same for a port of this machine.
    init(_ run: RunContext, port: String, _ keys: TorchServeKeys?, _ cases: [LabPredictionCase]) throws {
        // The lab publishes its ports here only.
        let port = Int(port) ?? 0
        target = LoadTarget(host: "127.0.0.1", port: port, addresses: [LocalAddress([127, 0, 0, 1])])
        var headers: HTTPHeaders = ["Content-Type": "application/octet-stream"]
        if let key = keys?.inference { headers.append("Authorization", "Bearer \(key.value)") }
        self.headers = headers
        self.cases = try cases.map { (try run.labFile($0.picture).read(), $0) }
    }

    /// A number of the lab, which the student may have set to something else.
    static func number(_ text: String) throws(LabError) -> Double {
        if let number = LabMeasure.number(text) { return number }
        throw LabError(
            .usageVariable,
            Text(en: "No load test is possible with the value `\(text)`.", zh: "无法用取值 `\(text)` 进行负载测试。"),
            hint: Text(
                en: "Rates and seconds are numbers above 0, and at most a million. Leave out `--set`, or correct it.",
                zh: "速率和秒数必须是大于 0 且不超过一百万的数字。请去掉或改正 `--set`。"))
    }

    /// A request for each picture.
    func requests(_ model: String) -> [LoadRequest] { cases.indices.map { request($0, model, version: nil) } }

    /// The same, but one of `every` requests goes to another version. Each picture gets its turn.
    func requests(_ model: String, canary version: String, every: Int) -> [LoadRequest] {
        cases.indices.flatMap { round in
            (0..<every).map { request((round + $0) % cases.count, model, version: $0 == every - 1 ? version : nil) }
        }
    }

    private func request(_ index: Int, _ model: String, version: String?) -> LoadRequest {
        let path = "/predictions/" + model.torchServeEscaped + (version.map { "/" + $0.torchServeEscaped } ?? "")
        let (body, one) = cases[index]
        return LoadRequest(method: "POST", target: path, headers: headers, body: body, expectations: [.label(one.expected)])
    }

    /// Runs a test. Throws if it's cancelled.
    func run(_ requests: [LoadRequest], _ pacing: LoadPlan.Pacing, warmUp: Double, seconds: Double) async throws -> LoadReport {
        let plan = LoadPlan(
            target: target, requests: requests, pacing: pacing, warmUp: warmUp, duration: seconds, timeout: Self.timeout)
        let report = try await LoadTest(plan).run { _ in }
        try Task.checkCancellation()
        return report
    }

    /// Runs a test as long as something changes, and a moment before and after it.
    func run(
        _ requests: [LoadRequest], _ pacing: LoadPlan.Pacing, margin: Double, while change: @escaping @Sendable () async throws -> Void
    ) async throws -> LoadReport {
        let plan = LoadPlan(
            target: target, requests: requests, pacing: pacing, warmUp: 0, duration: Self.secondsLimit, timeout: Self.timeout)
        let test = try LoadTest(plan)
        async let changed: Void = {
            defer { test.finish() }
            try await Task.sleep(for: .seconds(margin))
            try await change()
            try await Task.sleep(for: .seconds(margin))
        }()
        let report = try await test.run { _ in }
        try await changed
        try Task.checkCancellation()
        return report
    }

    /// True if a request gets the right answer now.
    func isAnswered(_ request: LoadRequest) async throws -> Bool {
        var plan = LoadPlan(
            target: target, requests: [request], pacing: .concurrency(1), warmUp: 0, duration: Self.timeout, timeout: Self.timeout)
        plan.requestLimit = 1
        do {
            let tally = try await LoadTest(plan).run { _ in }.tally
            return tally.answered > tally.wrong
        } catch let error as LabError where error.code == .loadUnreachable {
            return false
        }
    }
}

extension LoadTally {
    /// Requests that were sent and got no answer. One that was due and never sent isn't lost: on a busy machine, the generator itself may be
    /// late at the end. If the server is the reason, the latencies show it.
    var lost: Int { failed + unfinished }

    /// The 99th percentile in milliseconds. With few answers, it's the slowest one.
    var p99: Double? { latency.percentile(99).map { Double($0) / 1e6 } }

    var p50: Double? { latency.percentile(50).map { Double($0) / 1e6 } }
}

extension TaskContext {
    /// Starts a server of the task's own, and removes it after `body`, whatever happens. What a killed run left of it is replaced.
    func withServer<Value: Sendable>(
        _ action: LabServeAction, _ body: @Sendable (TorchServeClient) async throws -> Value
    ) async throws -> Value {
        do {
            try await serve(action, isFresh: true)
            let value = try await body(try await access.client(action.server))
            await removeOwn(action.container.name)
            return value
        } catch {
            // Also if this task is cancelled.
            await Task.detached {
                if !(error is CancellationError) { await tellLastWords(action.container.name) }
                await removeOwn(action.container.name)
            }.value
            throw error
        }
    }

    /// The container of that name, if this task made it.
    private func own(_ name: String) async -> ContainerDetails? {
        guard let found = try? await docker.containerIfPresent(name), made.withLock({ $0.contains(found.id) }) else { return nil }
        return found
    }

    /// If this fails, the next run replaces the container, and `clean` removes it.
    private func removeOwn(_ name: String) async {
        guard let found = await own(name) else { return }
        try? await docker.removeContainer(found.id, force: true)
    }

    /// Passes the end of a server's log on, because its container is removed.
    private func tellLastWords(_ name: String) async {
        guard let found = await own(name), let docker = try? await docker,
            let log = try? await docker.logs(found.id, LogOptions(tail: 40), hasTerminal: false)
        else { return }
        do {
            for try await chunk in log { output(chunk.bytes, chunk.channel == .stderr ? .stderr : .stdout) }
        } catch { return }
    }

    /// Registers an archive, and waits until all its workers are ready.
    func load(
        _ registration: TorchServeRegistration, version: String? = nil, on client: TorchServeClient, within seconds: Int
    ) async throws {
        do {
            do {
                say(SafeLines.clean(text: try await client.register(registration, timeout: .seconds(seconds))))
            } catch let error as TorchServeError where error.isRace {
                // The model is registered, and its workers start. Only the answer failed.
            }
            try await waitWorkers(registration.model ?? "", version, registration.initialWorkers, client, within: seconds)
        } catch let error as CancellationError {
            throw error
        } catch let error as LabError {
            throw error
        } catch {
            throw LabError(torchServe: error, keys: client.keys)
        }
    }

    /// Waits until exactly so many workers are ready.
    func waitWorkers(_ model: String, _ version: String?, _ count: Int, _ client: TorchServeClient, within seconds: Int) async throws {
        _ = try await client.waitReady(model, within: .seconds(seconds))
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            let versions = try await client.describe(model, version: version)
            if let found = versions.first, found.readyWorkers == count, found.workers.count == count { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw LabError(
            .torchserveNotReady,
            Text(
                en: "\(model) didn't get \(count) workers within \(seconds) seconds.", zh: "\(model) 在 \(seconds) 秒内没有得到 \(count) 个 worker。"
            ),
            hint: Text(
                en: "Each worker holds the model in memory. The server's last lines are above; `free -m` says what is left.",
                zh: "每个 worker 都会把模型读入内存。服务器的最后几行输出见上方；`free -m` 显示剩余内存。"))
    }
}
