package import ContainerEngine
import Dispatch
package import HostFacts
import LabSupport

/// What the sampler measures, and how often.
package struct TelemetryOptions: Sendable {
    /// The time between two samples.
    package var interval: Duration = .seconds(1)
    /// The time between two requests to a server, which logs a line for each.
    package var serverPace: Duration = .seconds(2)
    /// The folder whose disk is measured.
    package var folder = "/"
    /// The container label that names the sub-step that created the container.
    package var taskLabel = ""
    /// NVIDIA's management library, by name or path. If it's empty, none is loaded.
    package var gpuLibraries = GPUMeter.libraries
    package var root = HostRoot.machine
    /// This program's name in the list of programs that send requests.
    package var sender = "ailab"
    /// The workspace in which other ailab processes report their requests. If it's nil, only this process's requests are shown.
    package var home: String?
    package var schedulers = SchedulerOptions()

    package init() {}
}

/// What the journal recorded between two samples.
package struct TelemetryNews: Sendable {
    package var training: TrainingSample?
    package var marks: [TelemetryMark]

    package init(training: TrainingSample? = nil, marks: [TelemetryMark] = []) {
        self.training = training
        self.marks = marks
    }
}

/// Measures each source independently, and combines the newest values at every tick. A slow or dead source is missing from the sample, but
/// delays nothing.
package final class TelemetrySampler: Sendable {
    /// The time between the first two measurements, which give the first rates.
    private static var firstPause: Duration { .milliseconds(200) }
    /// How long a sample waits for its parts before it's assembled without them.
    private static var grace: Duration { .milliseconds(40) }
    /// A part that's older than this many intervals isn't shown.
    private static let maximumAge = 3.0

    private let options: TelemetryOptions
    private let clock: TelemetryClock
    private let start: Double
    private let containers: ContainerSource
    private let servers: ServerSource
    private let schedulers: SchedulerSource
    private let requests: RequestSource
    private let news: @Sendable () -> TelemetryNews
    private let host = SourceSlot<HostSample>("host")
    private let gpu = SourceSlot<GPUReading>("gpu")
    private let engine = SourceSlot<ContainerReading>("containers")
    private let marks = Locked<[TelemetryMark]>([])
    private let judge = Locked(TelemetryJudge())

    /// `connect` finds the engine. `news` reads what was added to the journal since its last call.
    package init(
        _ options: TelemetryOptions, connect: @escaping @Sendable () async throws -> DockerClient, servers targets: [ServerTarget] = [],
        schedulers clusters: [SchedulerTarget] = [], news: @escaping @Sendable () -> TelemetryNews = { TelemetryNews() }
    ) {
        self.options = options
        let clock = TelemetryClock()
        self.clock = clock
        start = clock.now
        requests = RequestSource(options, clock)
        self.news = news
        containers = ContainerSource(clock: clock, taskLabel: options.taskLabel, root: options.root, connect: connect)
        let engine = engine
        let isRunning = { @Sendable (name: String) in engine.value.map { $0.list.contains { $0.name == name } } }
        servers = ServerSource(targets, pace: options.serverPace, clock: clock) { isRunning($0) == true }
        schedulers = SchedulerSource(clusters, options.schedulers, clock: clock, connect: connect, isRunning: isRunning)
    }

    /// Samples until the reader stops. The first comes at once, and the second, which has rates, shortly after.
    package func samples() -> AsyncStream<TelemetrySample> {
        let (stream, post) = AsyncStream.makeStream(of: TelemetrySample.self, bufferingPolicy: .bufferingNewest(64))
        // Don't await these tasks: each may hang without affecting the others.
        let tasks = [
            Task.detached { [containers] in await containers.run() },
            Task.detached { [servers] in await servers.run() },
            Task.detached { [schedulers] in await schedulers.run() },
            Task.detached { [self] in await measureHost() },
            Task.detached { [self] in await measureGPUs() },
            Task.detached { [self] in await measureContainers() },
            Task.detached { [self] in
                await assemble(post)
                post.finish()
            },
        ]
        post.onTermination = { _ in tasks.forEach { $0.cancel() } }
        return stream
    }

    /// Calls `body` at every tick of the axis, and skips the ticks that it misses.
    private func tick(after delay: Duration = .zero, _ body: () async -> Void) async {
        let start = ContinuousClock.now + delay
        var next = start
        var count = 0
        while !Task.isCancelled {
            try? await Task.sleep(until: next, tolerance: .milliseconds(5), clock: .continuous)
            if Task.isCancelled { return }
            await body()
            count += 1
            next = count == 1 ? start + Self.firstPause : next + options.interval
            let now = ContinuousClock.now
            if next < now { next = now + options.interval }
        }
    }

    private func measureHost() async {
        let meter = Locked(HostMeter(folder: options.folder, root: options.root))
        await tick { host.put(meter.withLock { $0.read(at: clock.now) }, at: clock.now) }
    }

    private func measureContainers() async {
        await tick {
            let time = clock.now
            let (reading, happened) = containers.read(at: time)
            marks.withLock { $0 += happened }
            if containers.isKnown { engine.put(reading, at: time) }
        }
    }

    /// A driver may hang, so its calls run on a queue with its own thread.
    private func measureGPUs() async {
        let queue = DispatchQueue(label: "ailab.gpu")
        let meter = Confined(GPUMeter(names: options.gpuLibraries, root: options.root))
        await tick {
            let time = clock.now
            let reading = await withCheckedContinuation { answer in
                queue.async { answer.resume(returning: meter.value.read(at: time)) }
            }
            gpu.put(reading, at: clock.now)
        }
    }

    private func assemble(_ post: AsyncStream<TelemetrySample>.Continuation) async {
        await tick(after: Self.grace) { post.yield(sample()) }
    }

    private func sample() -> TelemetrySample {
        let now = clock.now
        let oldest = now - Self.maximumAge * max(1, options.interval.seconds)
        var sample = TelemetrySample(time: (now * 1000).rounded() / 1000)
        sample.host = host.take(notBefore: oldest, &sample.late)
        sample.gpu = gpu.take(notBefore: oldest, &sample.late) ?? GPUReading(absence: oldest > start ? Self.silentGPU : nil)
        sample.containers = engine.take(notBefore: oldest, &sample.late) ?? ContainerReading(absence: Self.silentEngine)
        name(&sample)
        sample.servers = servers.samples
        sample.schedulers = schedulers.samples
        let (sent, bursts) = requests.read(at: now)
        sample.requests = sent
        let news = news()
        sample.training = news.training
        sample.marks =
            (news.marks + bursts
            + marks.withLock { marks in
                defer { marks = [] }
                return marks
            }).sorted { $0.time < $1.time }
        sample.insight = judge.withLock { $0.judge(sample) }
        return sample
    }

    /// Adds the names of the containers to the processes on a GPU.
    private func name(_ sample: inout TelemetrySample) {
        let names = Dictionary(sample.containers.list.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        for device in sample.gpu.devices.indices {
            for process in sample.gpu.devices[device].processes.indices {
                let id = sample.gpu.devices[device].processes[process].containerID
                sample.gpu.devices[device].processes[process].container = id.flatMap { names[$0] }
            }
        }
    }

    /// The code of an engine that hasn't answered since the sampler began, or for a while.
    package static let silentEngineCode = "engine.silent"

    /// Without a reason, an empty list would mean that nothing runs.
    private static var silentEngine: Absence {
        Absence(
            silentEngineCode, Text(en: "The container engine hasn't answered yet.", zh: "容器引擎尚未响应。"),
            hint: Text(en: "Its containers appear here as soon as it does.", zh: "响应后会在这里列出它的容器。"))
    }

    private static var silentGPU: Absence {
        Absence(
            "gpu.silent", Text(en: "The GPU driver doesn't respond.", zh: "GPU 驱动没有响应。"),
            hint: Text(
                en: "`nvidia-smi` probably hangs, too. `dmesg` shows the reason.", zh: "`nvidia-smi` 多半也会卡住。原因可查看 `dmesg`。"))
    }
}

/// The newest value of one source.
final class SourceSlot<Value: Sendable>: Sendable {
    private let name: String
    private let state = Locked<(value: Value, time: Double)?>(nil)

    init(_ name: String) { self.name = name }

    var value: Value? { state.withLock { $0?.value } }

    func put(_ value: Value, at time: Double) { state.withLock { $0 = (value, time) } }

    /// The value, if it's recent enough. Otherwise, this adds the source's name to `late`.
    func take(notBefore oldest: Double, _ late: inout [String]) -> Value? {
        guard let (value, time) = state.withLock({ $0 }) else { return nil }
        if time >= oldest { return value }
        late.append(name)
        return nil
    }
}

/// A value that only one queue accesses.
private final class Confined<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
