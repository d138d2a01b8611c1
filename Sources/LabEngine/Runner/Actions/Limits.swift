import ContainerEngine
import LabFile
import LabSupport

extension LabLimitsAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        try task.forgetResults(results)
        let info = try await task.docker.info()
        if info.limitsMemory == false && !memory.isEmpty || info.limitsProcessors == false || info.cannotMeasureContainers {
            throw NotOnThisMachine(reason: Self.noLimits(info))
        }
        let cases = cases(in: task, processors: info.cpus.map(Double.init) ?? .infinity)
        var table = ResultTable(title: Self.title, columns: columns, chart: ResultTable.Chart(column: 2, labels: [0, 1]))
        var wasKilled = false
        for (index, one) in cases.enumerated() where !(wasKilled && one.memory != nil) {
            task.progress(one.label, Double(index), of: Double(cases.count), .items)
            let outcome = try await task.run(container, under: one, metric: metric)
            table.rows.append(Self.row(one, outcome))
            wasKilled = wasKilled || outcome.wasOutOfMemory
        }
        task.progress(Text(en: "Measured", zh: "已测量"), Double(cases.count), of: Double(cases.count), .items)
        task.results("limits.table", table)
        try task.save(ResultFile(tables: ["runs": table], figures: Self.figures(of: table, killed: wasKilled ? 1 : 0)), to: results)
        if !memory.isEmpty, !wasKilled { throw Self.notReached(memory) }
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        let cases = cpus.map { LimitCase(cpus: $0) } + memory.map { LimitCase(memory: $0) }
        return cases.enumerated().flatMap { index, one in
            (index == 0 ? [] : [["docker", "rm", "-f", container.name]]) + [equivalent.command(one.applied(to: container))]
        }
    }

    var imagesUsed: [String] { [container.image] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) throws -> [HashedFile] { try HashedFile.mounted(by: container, in: run) }

    var places: Set<String> { ["run", "container", "train", "host", "daemon"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}

extension LabLimitsAction {
    /// Leaves out the processors that the engine's machine doesn't have: the engine would refuse them.
    fileprivate func cases(in task: TaskContext, processors: Double) -> [LimitCase] {
        let tooMany = cpus.filter { (Double($0) ?? 0) > processors }
        if !tooMany.isEmpty {
            let count = Int(processors)
            task.notice(
                "limits.processors",
                Text(
                    en: "Left out: \(tooMany.joined(separator: ", ")) processors, because this machine has \(count).",
                    zh: "未测量 \(tooMany.joined(separator: "、")) 个处理器：本机只有 \(count) 个。"))
        }
        return cpus.filter { (Double($0) ?? 0) <= processors }.map { LimitCase(cpus: $0) } + memory.map { LimitCase(memory: $0) }
    }

    fileprivate static let title = Text(en: "The same work under several limits", zh: "不同限制下的同一任务")

    fileprivate var columns: [ResultTable.Column] {
        [
            ResultTable.Column("cpus", Text(en: "CPUs", zh: "处理器")),
            ResultTable.Column("memory", Text(en: "memory", zh: "内存"), .text),
            ResultTable.Column("rate", Text(verbatim: metric.replacing("_per_second", with: "/s"))),
            ResultTable.Column("seconds", Text(en: "seconds", zh: "秒")),
            ResultTable.Column("throttled", Text(en: "throttled", zh: "被限流"), .share),
            ResultTable.Column("peak", Text(en: "peak MB", zh: "峰值 MB")),
            ResultTable.Column("exit", Text(en: "exit", zh: "退出码")),
            ResultTable.Column("end", Text(en: "ended", zh: "结果"), .text),
        ]
    }

    fileprivate static func row(_ one: LimitCase, _ outcome: LimitOutcome) -> [ResultTable.Cell] {
        let end = outcome.wasOutOfMemory ? Text(en: "killed: out of memory", zh: "被强制终止：内存不足") : Text(en: "normally", zh: "正常")
        return [
            .number(one.cpus.flatMap { Double($0) }),
            .text(one.memory.map { Text(verbatim: $0) } ?? Text(verbatim: "–")),
            .number(outcome.metric),
            .number((outcome.seconds * 10).rounded() / 10),
            .number(outcome.throttled),
            .number(outcome.peak.map { (Double($0) / 1e6).rounded() }),
            .number(Double(outcome.exitCode)),
            .text(end),
        ]
    }

    /// How much faster the work was with the last number of processors than with the first, and how many runs the kernel killed.
    fileprivate static func figures(of table: ResultTable, killed: Int) -> [String: Double] {
        let rates = table.rows.filter { $0[0].number != nil }.compactMap { $0[2].number }
        var figures = ["killed": Double(killed)]
        if rates.count > 1, let first = rates.first, let last = rates.last, first > 0 {
            figures["speedup"] = (last / first * 100).rounded() / 100
        }
        return figures
    }

    /// What the engine lacks, and where it comes from.
    fileprivate static func noLimits(_ info: EngineInfo) -> LabError {
        let missing = [(info.limitsProcessors, "cpu"), (info.limitsMemory, "memory")].compactMap { $0 == false ? "`\($1)`" : nil }
        guard !info.cannotMeasureContainers, !missing.isEmpty else {
            return LabError(
                .limitsNotReached,
                Text(en: "This engine has no cgroups, so it can't limit its containers.", zh: "这个引擎没有 cgroup，无法限制容器。"),
                hint: Text(
                    en:
                        "Without root, an engine needs cgroup v2 and systemd. Start the machine with `systemd.unified_cgroup_hierarchy=1`, or use "
                        + "an engine that runs as root: https://rootlesscontaine.rs/getting-started/common/cgroup2/",
                    zh: "没有 root 时，引擎需要 cgroup v2 和 systemd。请让机器以 `systemd.unified_cgroup_hierarchy=1` 启动，或改用以 root 运行的引擎："
                        + "https://rootlesscontaine.rs/getting-started/common/cgroup2/"))
        }
        let names = Text.words(missing)
        let sentence = Text(
            en: "This engine can't limit its containers: it lacks the cgroup controller \(names.en).",
            zh: "这个引擎无法限制容器：缺少 cgroup 控制器 \(names.zh)。")
        guard info.isRootless else {
            return LabError(
                .limitsNotReached, sentence,
                hint: Text(
                    en:
                        "The kernel has it switched off. For `memory`, add `cgroup_enable=memory` to the kernel's command line and restart the "
                        + "machine. For `cpu`, the kernel has to be built with `CONFIG_CFS_BANDWIDTH`.",
                    zh: "内核关闭了它。对于 `memory`，请在内核启动参数中加入 `cgroup_enable=memory`，然后重启机器；"
                        + "对于 `cpu`，内核需要以 `CONFIG_CFS_BANDWIDTH` 编译。"))
        }
        return LabError(
            .limitsNotReached, sentence,
            hint: Text(
                en:
                    "Without root, an engine has only the controllers that systemd delegates to your account. Delegate `cpu` and `memory`, log in "
                    + "again, and restart the engine: https://rootlesscontaine.rs/getting-started/common/cgroup2/",
                zh: "没有 root 时，引擎只能使用 systemd 委派给你账户的控制器。请委派 `cpu` 和 `memory`，重新登录并重启引擎："
                    + "https://rootlesscontaine.rs/getting-started/common/cgroup2/"))
    }

    fileprivate static func notReached(_ memory: [String]) -> LabError {
        let last = memory.last ?? ""
        return LabError(
            .limitsNotReached,
            Text(
                en: "Even with \(last) of memory, the kernel didn't kill the container.", zh: "即使内存只有 \(last)，内核也没有强制终止容器。"),
            hint: Text(
                en: "Either the limit isn't enforced (`docker info` then has a warning about memory), or the work needs less than that.",
                zh: "可能是限制没有生效（此时 `docker info` 会有关于内存的警告），也可能是任务需要的内存更少。"))
    }
}

/// The limit of one run.
private struct LimitCase: Sendable {
    var cpus: String?
    var memory: String?

    init(cpus: String) { self.cpus = cpus }
    init(memory: String) { self.memory = memory }

    func applied(to container: LabContainer) -> LabContainer {
        var container = container
        if let cpus { container.cpus = cpus }
        if let memory { container.memory = memory }
        return container
    }

    var label: Text {
        cpus.map { Text(en: "With \($0) CPUs", zh: "\($0) 个处理器") }
            ?? Text(en: "With \(memory ?? "") of memory", zh: "\(memory ?? "") 内存")
    }
}

/// What one run achieved.
private struct LimitOutcome: Sendable {
    var exitCode: Int
    var wasOutOfMemory: Bool
    var seconds: Double
    /// The share of the scheduling periods in which the limit made it wait.
    var throttled: Double?
    /// The most memory that was seen, in bytes.
    var peak: UInt64?
    var metric: Double?
}

extension TaskContext {
    fileprivate func run(_ spec: LabContainer, under limit: LimitCase, metric: String) async throws -> LimitOutcome {
        say("— \(limit.label.en)")
        // Swap would let the container live on, only slower.
        let claim = try await claim(limit.applied(to: spec), isFresh: true) { $0.memoryAndSwap = $0.memory }
        let docker = try await docker
        let used = Locked((throttled: Double?.none, peak: UInt64?.none))
        let watch = Task {
            // Before its start, a container has no samples, and some engines end the stream at once.
            while !Task.isCancelled, try await docker.inspectContainer(claim.id).state.status == .created {
                try await Task.sleep(for: .milliseconds(50))
            }
            for try await stats in try await docker.stats(claim.id) where stats.memory.used > 0 {
                used.withLock {
                    $0.peak = max($0.peak ?? 0, stats.memory.used)
                    let periods = stats.cpu.periods
                    if periods > 0 { $0.throttled = Double(stats.cpu.throttledPeriods) / Double(periods) }
                }
            }
        }
        defer { watch.cancel() }
        let began = ContinuousClock.now
        let code = try await withLimit(spec.timeout, what: spec.name) {
            try await followToEnd(claim)
        } onGiveUp: {
            try? await docker.stopContainer(claim.id, grace: .seconds(5))
        }
        let seconds = began.duration(to: .now) / .seconds(1)
        let state = try await docker.inspectContainer(claim.id).state
        let wasKilled = state.wasOutOfMemory || limit.memory != nil && code == 137
        guard code == 0 || wasKilled && limit.memory != nil else { throw try await exitError(claim.id, spec.name, code) }
        if wasKilled { tellKill(spec.name, limit, code, isCertain: state.wasOutOfMemory) }
        return LimitOutcome(
            exitCode: code, wasOutOfMemory: wasKilled, seconds: seconds, throttled: used.withLock { $0.throttled },
            peak: used.withLock { $0.peak }, metric: code == 0 ? try await last(metric, printedBy: claim.id) : nil)
    }

    private func tellKill(_ name: String, _ limit: LimitCase, _ code: Int, isCertain: Bool) {
        let memory = limit.memory ?? ""
        let meaning =
            code == 137
            ? Text(en: "Exit code 137 is 128 + 9, the signal KILL", zh: "退出码 137 即 128 + 9（信号 KILL）")
            : Text(en: "The exit code is \(code)", zh: "退出码为 \(code)")
        let proof =
            isCertain
            ? Text(en: ", and `docker inspect` says OOMKilled.", zh: "，`docker inspect` 中的 OOMKilled 为 true。")
            : Text(en: "; this engine doesn't say who sent it.", zh: "；这个引擎没有说明信号由谁发出。")
        notice(
            "limits.killed",
            Text(
                en: "As expected, the kernel killed \(name): it needed more than \(memory). \(meaning.en)\(proof.en)",
                zh: "不出所料，内核强制终止了 \(name)：它需要的内存超过 \(memory)。\(meaning.zh)\(proof.zh)"))
    }

    /// The last value of a metric in a container's log.
    private func last(_ metric: String, printedBy container: String) async throws -> Double? {
        var text = Transcript()
        var value: Double?
        for try await chunk in try await docker.logs(container, LogOptions(tail: 500), hasTerminal: false) {
            for line in text.take(chunk.bytes, .stdout) {
                if let found = MachineLine(line)?.metric, found.name == metric { value = found.value }
            }
        }
        return value
    }
}
