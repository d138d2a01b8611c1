package import LabSupport

/// Says in one sentence what the values mean: where the bottleneck is, or that there's none. It looks at several seconds, so that the
/// sentence doesn't flicker.
package struct TelemetryJudge: Sendable {
    /// The number of samples to look at together.
    private static let span = 5
    private var recent = Ring<TelemetrySample>(capacity: TelemetryJudge.span)

    package init() {}

    /// The sentence for a sample and those before it. Nil until there are rates.
    package mutating func judge(_ sample: TelemetrySample) -> Text? {
        recent.append(sample)
        let scene = TelemetryScene(recent.elements)
        for rule in TelemetryScene.rules {
            if let text = rule(scene) { return text }
        }
        return nil
    }
}

/// Several seconds of telemetry, prepared for the rules.
struct TelemetryScene {
    /// The rules, the most important first.
    static var rules: [(TelemetryScene) -> Text?] {
        [
            { $0.lostGPU }, { $0.memoryLimit }, { $0.busyGPU }, { $0.throttled }, { $0.failures }, { $0.queue }, { $0.memory }, { $0.disk },
            { $0.processor }, { $0.machine }, { $0.steal }, { $0.scheduler }, { $0.nothing },
        ]
    }

    private let samples: [TelemetrySample]
    private let now: TelemetrySample

    init(_ samples: [TelemetrySample]) {
        self.samples = samples
        now = samples.last ?? TelemetrySample(time: 0)
    }

    private func mean(_ value: (TelemetrySample) -> Double?) -> Double? {
        let values = samples.compactMap(value)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// The CPU capacity of this machine or of this user's control group, in percent of one core.
    private var capacity: Double { now.host.map { $0.cpuLimit ?? Double($0.processors) * 100 } ?? 100 }

    private func cpu(of container: ContainerSample) -> Double? { mean { $0.containers.list.first { $0.id == container.id }?.cpu } }
    private func limit(of container: ContainerSample) -> Double { min(container.cpuLimit ?? .infinity, capacity) }

    /// The busiest container.
    private var hardest: (container: ContainerSample, cpu: Double)? {
        now.containers.list.compactMap { container in cpu(of: container).map { (container, $0) } }.max { $0.1 < $1.1 }
    }

    private var gpu: (device: GPUSample, busy: Double)? {
        now.gpu.forTraining.compactMap { device in
            mean { $0.gpu.devices.first { $0.index == device.index && $0.maker == device.maker }?.busy }.map { (device, $0) }
        }.max { $0.1 < $1.1 }
    }

    private func whole(_ value: Double) -> String { "\(Int(shown: value.rounded()))%" }

    private var lostGPU: Text? {
        guard let device = now.gpu.devices.first(where: { $0.failure != nil }), let failure = device.failure else { return nil }
        return failure.reason.map { "GPU \(device.index): \($0)" }
    }

    private var memoryLimit: Text? {
        for container in now.containers.list {
            guard let used = container.memory, let limit = container.memoryLimit, used >= limit * 0.92 else { continue }
            let share = whole(used / limit * 100)
            return Text(
                en: "\(container.name) uses \(share) of its memory limit. If it exceeds the limit, the kernel kills it (exit code 137).",
                zh: "\(container.name) 已用掉内存上限的 \(share)：一旦超出，内核会终止它（退出码 137）。")
        }
        return nil
    }

    /// A GPU in use.
    private var busyGPU: Text? {
        guard let (device, busy) = gpu, busy >= 1 || !device.processes.isEmpty else { return nil }
        let user = device.processes.compactMap(\.containerID).first.flatMap { id in now.containers.list.first { $0.id == id } }
        let name = now.gpu.forTraining.count > 1 ? "GPU \(device.index)" : "GPU"
        let head = Text(en: "\(name) \(whole(busy)) busy", zh: "\(name) 利用率 \(whole(busy))")
        let tail = busy < 40 ? starved(user, device) : used(device, busy)
        return Text(en: "\(head.en)\(tail.en)", zh: "\(head.zh)\(tail.zh)")
    }

    /// The part after "GPU 3% busy".
    private func starved(_ user: ContainerSample?, _ device: GPUSample) -> Text {
        if let container = user ?? hardest?.container, let cpu = cpu(of: container), cpu >= 0.85 * limit(of: container) {
            let room = "\(whole(cpu)) of \(whole(limit(of: container)))"
            return Text(
                en: ": the data loader is the bottleneck, CPU at \(room).",
                zh: "：瓶颈在数据加载，CPU 已用 \(whole(cpu)) / \(whole(limit(of: container)))。")
        }
        if let waiting = mean({ $0.host?.pressure?.io }), waiting >= 20 {
            return Text(en: ": it waits for the disk \(whole(waiting)) of the time.", zh: "：它在等待磁盘（\(whole(waiting)) 的时间）。")
        }
        guard let process = device.processes.first else { return Text(en: ".", zh: "。") }
        let holder = process.container ?? process.name ?? "\(process.pid)"
        let memory = process.memory.map { ByteSize.shown($0) } ?? "?"
        return Text(
            en: ", although \(holder) holds \(memory) of its memory: waiting for data or requests.",
            zh: "，但 \(holder) 占用了 \(memory) 显存：它在等待数据或请求。")
    }

    private func used(_ device: GPUSample, _ busy: Double) -> Text {
        if let reason = device.throttle.first(where: \.hurts) {
            return Text(en: ", but slowed down: \(reason.text.en).", zh: "，但被降频：\(reason.text.zh)。")
        }
        let active = mean { $0.gpu.devices.first { $0.index == device.index }?.activity?.multiprocessors }
        if let active, active < 30 {
            return Text(
                en: ", but only \(whole(active)) of its multiprocessors have work: try larger batches.",
                zh: "，但只有 \(whole(active)) 的多处理器在工作：请尝试加大批大小。")
        }
        if busy < 80 { return Text(en: ": partly loaded.", zh: "：既不空闲也未满载。") }
        return Text(en: ": the GPU is the bottleneck, as it should be.", zh: "：瓶颈在 GPU，这正是理想状态。")
    }

    private var throttled: Text? {
        for container in now.containers.list {
            guard let held = mean({ $0.containers.list.first { $0.id == container.id }?.throttled }), held >= 20,
                let cpu = cpu(of: container), let limit = container.cpuLimit, limit < capacity
            else { continue }
            return Text(
                en: "\(container.name) is throttled by its CPU limit \(whole(held)) of the time: \(whole(cpu)) of \(whole(limit)).",
                zh: "\(container.name) 有 \(whole(held)) 的时间受 CPU 限额限制：\(whole(cpu)) / \(whole(limit))。")
        }
        return nil
    }

    /// Failed requests of a load test. Other requests of ailab may fail normally, for example while ailab waits for a server to start.
    private var failures: Text? {
        for request in now.requests where request.isLoad {
            // Use the newest second with failures, because one second without failures doesn't mean that all is well.
            let seconds = samples.compactMap { sample in sample.requests.first { $0.isSame(as: request) } }
            guard let worst = seconds.last(where: { $0.failed?.isEmpty == false }), let kinds = worst.failed else { continue }
            let failed = kinds.values.reduce(0, +)
            let names = kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(2).map(\.key)
            let isOverload = names.first == "5xx" || names.first == LoadFailure.timeout.rawValue
            let end = isOverload ? Text(en: ": the load is more than it can handle.", zh: "：负载超出了它的能力。") : Text(en: ".", zh: "。")
            let reasons = Text.words(names)
            return Text(
                en:
                    "\(failed) of \(max(failed, worst.ended ?? 0)) requests to \(request.server) in a second failed (\(reasons.en))\(end.en)",
                zh: "一秒内发往 \(request.server) 的 \(max(failed, worst.ended ?? 0)) 个请求中有 \(failed) 个失败（\(reasons.zh)）\(end.zh)")
        }
        return nil
    }

    private var queue: Text? {
        for model in now.servers.flatMap(\.models) {
            guard let queue = model.queueTime, let work = model.workTime, queue > work, queue >= 5 else { continue }
            return Text(
                en: "Requests for \(model.name) wait \(Int(shown: queue)) ms for a worker that takes \(Int(shown: work)) ms: "
                    + "add workers or enlarge the batch.",
                zh: "对 \(model.name) 的请求要等 \(Int(shown: queue)) 毫秒才轮到只需 \(Int(shown: work)) 毫秒的 worker：增加 worker 或加大批大小会有帮助。")
        }
        return nil
    }

    private var memory: Text? {
        guard let waiting = mean({ $0.host?.pressure?.memoryFull }), waiting >= 5 else { return nil }
        return Text(
            en: "This machine is short of memory: all work stops \(whole(waiting)) of the time to free some.",
            zh: "本机内存不足：有 \(whole(waiting)) 的时间所有任务都因回收内存而停顿。")
    }

    private var disk: Text? {
        guard let waiting = mean({ $0.host?.pressure?.io }), waiting >= 40 else { return nil }
        return Text(
            en: "Processes wait for the disk \(whole(waiting)) of the time.", zh: "有 \(whole(waiting)) 的时间在等待磁盘。")
    }

    private var processor: Text? {
        guard let (container, cpu) = hardest, cpu >= 0.85 * limit(of: container) else { return nil }
        let room = whole(limit(of: container))
        let meaning: Text
        if limit(of: container) < capacity {
            meaning = Text(en: "its CPU limit is the bottleneck.", zh: "瓶颈是它自己的 CPU 限额。")
        } else if now.gpu.forTraining.isEmpty {
            meaning = Text(en: "the CPU is the bottleneck.", zh: "瓶颈在 CPU。")
        } else {
            meaning = Text(en: "it doesn't use this machine's GPU.", zh: "它没有使用本机的 GPU。")
        }
        return Text(
            en: "\(container.name) uses \(whole(cpu)) of \(room) CPU: \(meaning.en)",
            zh: "\(container.name) 占用 CPU \(whole(cpu)) / \(room)：\(meaning.zh)")
    }

    private var machine: Text? {
        guard let cpu = mean({ $0.host?.cpu }), cpu >= 0.85 * capacity else { return nil }
        let inside = now.containers.list.compactMap { self.cpu(of: $0) }.reduce(0, +)
        let share = Text(en: "\(whole(cpu)) of \(whole(capacity))", zh: "\(whole(cpu)) / \(whole(capacity))")
        return inside < cpu / 2
            ? Text(
                en: "CPU busy (\(share.en)), mostly outside containers.",
                zh: "CPU 繁忙（\(share.zh)），主要是容器以外的工作。")
            : Text(
                en: "CPU busy (\(share.en)), shared by the containers.", zh: "CPU 繁忙（\(share.zh)）：由多个容器共享。")
    }

    private var steal: Text? {
        guard let stolen = mean({ $0.host?.steal }), stolen >= 0.2 * capacity else { return nil }
        return Text(
            en: "The host of this virtual machine gives \(whole(stolen)) CPU to others.",
            zh: "宿主机把 \(whole(stolen)) 的 CPU 分给了其他虚拟机。")
    }

    /// Jobs that wait on a cluster. The machine may be idle meanwhile.
    private var scheduler: Text? {
        guard let cluster = now.schedulers.first(where: { $0.totals.waiting > 0 }), let reason = cluster.reasons.first else { return nil }
        let jobs = cluster.totals.waiting
        let all = Text(en: jobs == 1 ? "1 job waits" : "\(jobs) jobs wait", zh: "\(jobs) 个作业在等待")
        let most =
            reason.jobs < jobs
            ? Text(en: ", \(reason.jobs) of them because of", zh: "，其中 \(reason.jobs) 个的原因是")
            : Text(en: " because of", zh: "，原因是")
        let meaning = reason.text.map { Text(en: " (\($0.en))", zh: "（\($0.zh)）") } ?? Text(verbatim: "")
        return Text(
            en: "\(cluster.title.en): \(all.en)\(most.en) \(reason.code)\(meaning.en).",
            zh: "\(cluster.title.zh)：\(all.zh)\(most.zh) \(reason.code)\(meaning.zh)。")
    }

    private var nothing: Text? {
        guard let cpu = mean({ $0.host?.cpu }), let memory = now.host?.memory else { return nil }
        let rest = Text(
            en: "CPU \(whole(cpu)) of \(whole(capacity)), memory \(ByteSize.shown(memory.used)) of \(ByteSize.shown(memory.total)).",
            zh: "CPU \(whole(cpu)) / \(whole(capacity))，内存 \(ByteSize.shown(memory.used)) / \(ByteSize.shown(memory.total))。")
        return Text(en: "No bottleneck: \(rest.en)", zh: "资源充足：\(rest.zh)")
    }
}
