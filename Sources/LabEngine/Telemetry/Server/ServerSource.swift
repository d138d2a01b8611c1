package import InferenceServer
import LabSupport

/// A TorchServe to measure.
package struct ServerTarget: Sendable {
    package var name: String
    /// The server's container. While it doesn't run, the source sends no requests.
    package var container: String
    /// Creates a client with the server's current keys.
    package var client: @Sendable () async throws -> TorchServeClient
    /// What to say while the container doesn't run. Nil: nothing.
    package var stopped: Absence?

    package init(
        name: String, container: String, stopped: Absence? = nil, client: @escaping @Sendable () async throws -> TorchServeClient
    ) {
        self.name = name
        self.container = container
        self.stopped = stopped
        self.client = client
    }
}

/// Asks the servers for their metrics and models.
final class ServerSource: Sendable {
    private static var timeout: Duration { .seconds(4) }

    private let targets: [ServerTarget]
    private let pace: Duration
    private let clock: TelemetryClock
    private let isRunning: @Sendable (String) -> Bool
    private let state = Locked<[String: ServerSample]>([:])

    /// `isRunning` returns whether a container runs.
    init(_ targets: [ServerTarget], pace: Duration, clock: TelemetryClock, isRunning: @escaping @Sendable (String) -> Bool) {
        self.targets = targets
        self.pace = pace
        self.clock = clock
        self.isRunning = isRunning
    }

    /// The newest sample of each server.
    var samples: [ServerSample] { state.withLock { $0.values.sorted { $0.name < $1.name } } }

    /// Asks until the task is canceled. A server that doesn't respond doesn't delay the others.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for target in targets { group.addTask { await self.follow(target) } }
        }
    }

    private static func stopped(_ target: ServerTarget) -> ServerSample? {
        guard let stopped = target.stopped else { return nil }
        var sample = ServerSample(name: target.name, container: target.container)
        sample.absence = stopped
        return sample
    }

    private func follow(_ target: ServerTarget) async {
        var meter = ServerMeter(target)
        while !Task.isCancelled {
            if isRunning(target.container) {
                let sample = await meter.read(timeout: Self.timeout, at: clock)
                state.withLock { $0[target.name] = sample }
            } else {
                meter = ServerMeter(target)
                state.withLock { $0[target.name] = Self.stopped(target) }
            }
            try? await Task.sleep(for: pace, tolerance: .milliseconds(100))
        }
    }
}

/// Measures one server. Keeps its previous counters.
package struct ServerMeter {
    private let target: ServerTarget
    private var client: TorchServeClient?
    private var before: [String: ServerCounters] = [:]

    package init(_ target: ServerTarget) { self.target = target }

    /// The current values, or the reason why there are none.
    package mutating func read(timeout: Duration, at clock: TelemetryClock) async -> ServerSample {
        var sample = ServerSample(name: target.name, container: target.container)
        do {
            let client = try await connected()
            for name in try await client.models(timeout: timeout) {
                sample.models += try await client.describe(name.modelName, timeout: timeout).map(Self.model)
            }
            let page = PrometheusText(try await client.metrics(timeout: timeout))
            count(ServerCounters.all(page, at: clock.now), &sample)
            if page.samples.isEmpty { sample.absence = Self.noMetrics }
        } catch {
            // The keys change at every start of the server.
            client = nil
            let failure = (error as? LabError) ?? LabError(torchServe: error)
            sample.absence = Absence(failure.codeText, failure.message, hint: failure.hint)
        }
        return sample
    }

    private mutating func connected() async throws -> TorchServeClient {
        if let client { return client }
        let fresh = try await target.client()
        client = fresh
        return fresh
    }

    private static func model(_ version: TorchServeModel) -> ModelSample {
        var model = ModelSample(name: SafeLines.clean(text: version.modelName))
        model.version = SafeLines.clean(text: version.modelVersion)
        model.readyWorkers = version.readyWorkers
        model.workers = version.workers.count
        model.workerMemory = version.workers.reduce(0) { $0 + Double(max(0, $1.memoryUsage ?? 0)) }
        model.pending = version.jobQueueStatus?.pendingRequests
        return model
    }

    private mutating func count(_ counters: [String: ServerCounters], _ sample: inout ServerSample) {
        for index in sample.models.indices {
            let name = sample.models[index].name
            guard let now = counters[name] else { continue }
            sample.models[index].requests = now.requests
            if let last = before[name] { sample.models[index].fill(last, now) }
        }
        before = counters
    }

    private static var noMetrics: Absence {
        Absence(
            "torchserve.noMetrics",
            Text(
                en: "The server's metrics page is empty: it hasn't received a request yet, or its metrics_mode isn't prometheus.",
                zh: "服务器的指标页面为空：尚未收到请求，或 metrics_mode 不是 prometheus。"))
    }
}

extension ModelSample {
    /// The rates between two measurements. If the server restarted, its counters start at zero, and there are no rates.
    mutating func fill(_ before: ServerCounters, _ now: ServerCounters) {
        let requests = now.requests - before.requests
        let seconds = now.time - before.time
        guard requests >= 0, seconds > 0 else { return }
        rate = (requests / seconds).rounded(to: 2)
        guard requests > 0, now.total >= before.total, now.queue >= before.queue else { return }
        queueTime = ((now.queue - before.queue) / requests / 1000).rounded(to: 2)
        workTime = max(0, (now.total - before.total - now.queue + before.queue) / requests / 1000).rounded(to: 2)
    }
}
