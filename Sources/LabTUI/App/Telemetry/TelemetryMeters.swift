import LabSupport
import Telemetry

/// The quantities to draw over time, the most important first.
struct TelemetryMeters {
    struct Meter {
        var title: String
        var value: String
        var role: Role
        var points: [(x: Double, y: Double)]
        var top: Double
    }

    private let history: TelemetryHistory
    private let start: Double
    private let language: Language
    private let degrees: String
    private let falls: String
    private let rises: String

    init(_ history: TelemetryHistory, since start: Double, _ language: Language, _ glyphs: Glyphs) {
        self.history = history
        self.start = start
        self.language = language
        degrees = glyphs.isUnicode ? "°C" : "C"
        (falls, rises) = glyphs.isUnicode ? ("↓", "↑") : ("falls", "rises")
    }

    var all: [Meter] {
        guard let now = history.last else { return [] }
        // A small screen shows only the first few. So busy devices come before memory and other resources.
        let work = gpus(now) + [processor(now)] + clusters(now) + container(now) + insideGPUs(now)
        return work + [memory(now)] + training(now) + requests(now) + latency(now) + [disk(now), network(now)].compactMap(\.self)
    }

    private func points(_ value: (TelemetrySample) -> Double?) -> [(x: Double, y: Double)] { history.points(since: start, value) }

    private func say(_ text: Text) -> String { text[language] }

    private func gpus(_ now: TelemetrySample) -> [Meter] {
        now.gpu.devices.prefix(8).map { device in
            let name = name(of: device, now)
            if let failure = device.failure { return Meter(title: name, value: say(failure.reason), role: .bad, points: [], top: 100) }
            let sensors = [device.power.map { "\(Int(shown: $0)) W" }, device.temperature.map { "\(Int(shown: $0)) \(degrees)" }]
            return Meter(
                title: name, value: ([Measure.percent(device.busy)] + sensors.compactMap(\.self)).joined(separator: "  "), role: .plot2,
                points: points { Self.find(device, $0)?.busy }, top: 100)
        }
    }

    private func name(of device: GPUSample, _ now: TelemetrySample) -> String {
        now.gpu.devices.count > 1 ? "GPU \(device.index)" : "GPU"
    }

    private static func find(_ device: GPUSample, _ sample: TelemetrySample) -> GPUSample? {
        sample.gpu.devices.first { $0.index == device.index && $0.maker == device.maker }
    }

    /// How busy the parts of a device are, and its memory.
    private func insideGPUs(_ now: TelemetrySample) -> [Meter] {
        now.gpu.devices.prefix(8).flatMap { device -> [Meter] in
            let name = name(of: device, now)
            var meters: [Meter] = []
            if let active = device.activity?.multiprocessors {
                meters.append(
                    Meter(
                        title: "\(name) SM", value: Measure.percent(active), role: .plot2,
                        points: points { Self.find(device, $0)?.activity?.multiprocessors }, top: 100))
            }
            if let total = device.memoryTotal, total > 0 {
                meters.append(
                    Meter(
                        title: "\(name) \(say(TelemetryWords.memory))",
                        value: "\(Measure.bytes(device.memoryUsed)) / \(ByteSize.shown(total))", role: .plot2,
                        points: points { Self.find(device, $0)?.memoryUsed }, top: total))
            }
            return meters
        }
    }

    private func processor(_ now: TelemetrySample) -> Meter {
        let capacity = now.host.map { $0.cpuLimit ?? Double($0.processors) * 100 } ?? 100
        return Meter(
            title: say(TelemetryWords.cpu), value: "\(Measure.percent(now.host?.cpu)) / \(Int(shown: capacity))%", role: .plot1,
            points: points { $0.host?.cpu }, top: capacity)
    }

    private func memory(_ now: TelemetrySample) -> Meter {
        let total = now.host?.memory?.total ?? 1
        return Meter(
            title: say(TelemetryWords.memory), value: "\(Measure.bytes(now.host?.memory?.used)) / \(ByteSize.shown(total))", role: .plot1,
            points: points { $0.host?.memory?.used }, top: total)
    }

    /// What jobs use of each cluster, and how many there are.
    private func clusters(_ now: TelemetrySample) -> [Meter] {
        let all = now.schedulers.filter { $0.absence == nil }
        guard let first = all.first, all.count > 1 else { return all.flatMap { cluster($0, ClusterWords.meters) } }
        // A cluster without a job in the visible time has nothing to show beside others.
        let busy = all.filter { cluster in
            let jobs = points { totals(of: cluster, $0).map { Double($0.running + $0.waiting) } }
            return jobs.contains { $0.y > 0 }
        }
        return (busy.isEmpty ? [first] : busy).flatMap { one -> [Meter] in
            let title = one.title.map { $0.truncated(to: 18) }.joined(Text(en: ": ", zh: "："))
            return cluster(one, ClusterWords.shortMeters.map { title.joined($0) })
        }
    }

    /// `names` are those of the GPUs, of the running and of the waiting jobs.
    private func cluster(_ cluster: SchedulerSample, _ names: [Text]) -> [Meter] {
        let totals = cluster.totals
        let counts: [(used: Int?, all: Int?, role: Role, value: (SchedulerTotals) -> Int?)] = [
            (totals.gpusUsed, totals.gpus, .plot2, { $0.gpusUsed }), (totals.running, nil, .plot1, { $0.running }),
            (totals.waiting, nil, .plot1, { $0.waiting }),
        ]
        return zip(names, counts).compactMap { name, count in
            guard let used = count.used else { return nil }
            let points = points { self.totals(of: cluster, $0).flatMap(count.value).map(Double.init) }
            return Meter(
                title: say(name), value: count.all.map { "\(used) / \($0)" } ?? String(used), role: count.role, points: points,
                top: max(1, count.all.map(Double.init) ?? points.map(\.y).max() ?? 1))
        }
    }

    private func totals(of cluster: SchedulerSample, _ sample: TelemetrySample) -> SchedulerTotals? {
        sample.schedulers.first { $0.name == cluster.name && $0.absence == nil }?.totals
    }

    /// The container that used the most CPU in the visible time. With the last sample only, the curve would switch between containers.
    private func container(_ now: TelemetrySample) -> [Meter] {
        let worked = now.containers.list.map { container in
            (container, points { $0.containers.list.first { $0.id == container.id }?.cpu })
        }
        guard let (container, cpu) = worked.max(by: { sum($0.1) < sum($1.1) }), sum(cpu) > 0 else { return [] }
        let machine = Double(now.host?.processors ?? 1) * 100
        let limit = container.cpuLimit ?? machine
        return [
            Meter(
                title: container.name.truncated(to: 20), value: "\(Measure.percent(container.cpu)) / \(Int(shown: limit))%",
                role: .plot2, points: cpu, top: limit)
        ]
    }

    private func sum(_ points: some Sequence<(x: Double, y: Double)>) -> Double { points.reduce(0) { $0 + $1.y } }

    private func training(_ now: TelemetrySample) -> [Meter] {
        var meters: [Meter] = []
        let speeds = points { $0.training?.samplesPerSecond }
        if let speed = now.training?.samplesPerSecond ?? speeds.last?.y {
            meters.append(
                Meter(
                    title: say(TelemetryWords.speed), value: "\(Int(shown: speed.rounded())) /s" + epoch(now), role: .plot2, points: speeds,
                    top: speeds.map(\.y).max() ?? 1))
        }
        let losses = points { $0.training?.loss }
        if let loss = now.training?.loss ?? losses.last?.y {
            meters.append(
                Meter(
                    title: say(TelemetryWords.loss), value: ShownNumber.significant(loss) + trend(losses), role: .plot2, points: losses,
                    top: losses.map(\.y).max() ?? 1))
        }
        return meters
    }

    private func epoch(_ now: TelemetrySample) -> String {
        let last = now.training?.epoch ?? history.samples.elements.reversed().firstNonNil { $0.training?.epoch }
        return last.map { "  \(say(TelemetryWords.epoch)) \(Int(shown: $0))" } ?? ""
    }

    /// An arrow if the last fifth of the curve is clearly lower or higher than the fifth before it.
    private func trend(_ points: [(x: Double, y: Double)]) -> String {
        let count = points.count / 5
        guard count > 0 else { return "" }
        let last = sum(points.suffix(count)) / Double(count)
        let before = sum(points.dropLast(count).suffix(count)) / Double(count)
        guard before != 0, abs(last - before) > abs(before) * 0.02 else { return "" }
        return last < before ? " \(falls)" : " \(rises)"
    }

    private func requests(_ now: TelemetrySample) -> [Meter] {
        let rate = { (sample: TelemetrySample) -> Double? in
            let rates = sample.servers.flatMap(\.models).compactMap(\.rate)
            return rates.isEmpty ? nil : rates.reduce(0, +)
        }
        let rates = points(rate)
        guard let last = rate(now) ?? rates.last?.y else { return [] }
        return [
            Meter(
                title: say(TelemetryWords.requests), value: Measure.right(Measure.decimal(last) + " /s", 8), role: .plot1, points: rates,
                top: max(1, rates.map(\.y).max() ?? 1))
        ]
    }

    /// The latency of ailab's own requests to a server in the visible time: those of a load test, or else those of the busiest sender.
    /// Requests to the engine's socket don't count, because they say nothing about a server's speed.
    private func latency(_ now: TelemetrySample) -> [Meter] {
        var seen: [RequestSample] = []
        for sample in history.samples.elements.reversed().prefix(while: { $0.time >= start }) {
            for request in sample.requests where !request.server.hasPrefix("/") && !seen.contains(where: request.isSame) {
                seen.append(request)
            }
        }
        let weight = { (request: RequestSample) in (request.isLoad ? 1 : 0, request.total.answered, request.server) }
        guard let chosen = seen.max(by: { weight($0) < weight($1) }) else { return [] }
        let find = { (sample: TelemetrySample) in sample.requests.first { $0.isSame(as: chosen) }?.latency }
        let latencies = points { find($0)?.p99 }
        guard !latencies.isEmpty else { return [] }
        return [
            Meter(
                title: "\(say(TelemetryWords.latency)) \(chosen.server)".truncated(to: 28),
                value: "p99 \(Measure.milliseconds(find(now)?.p99))", role: .plot2, points: latencies,
                top: max(1, latencies.map(\.y).max() ?? 1))
        ]
    }

    private func disk(_ now: TelemetrySample) -> Meter? {
        flow(say(TelemetryWords.disk), Flow(into: now.host?.disk.read, out: now.host?.disk.written)) { sample in
            sample.host?.disk.read.map { $0 + (sample.host?.disk.written ?? 0) }
        }
    }

    private func network(_ now: TelemetrySample) -> Meter? {
        flow(say(TelemetryWords.network), now.host?.network) { sample in
            sample.host?.network?.into.map { $0 + (sample.host?.network?.out ?? 0) }
        }
    }

    private func flow(_ title: String, _ flow: Flow?, _ sum: (TelemetrySample) -> Double?) -> Meter? {
        let sums = points(sum)
        guard !sums.isEmpty else { return nil }
        // The axis covers at least one megabyte per second, so that a little traffic doesn't look like a lot.
        return Meter(
            title: title, value: "\(Measure.rate(flow?.into)) / \(Measure.rate(flow?.out))", role: .plot1, points: sums,
            top: max(1e6, sums.map(\.y).max() ?? 0))
    }
}
