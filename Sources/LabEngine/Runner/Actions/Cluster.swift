import ContainerEngine
import LabFile
import LabSupport
import LoadTest

extension LabClusterAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        let table = try await task.withSwarm(begin) {
            // Not before: without the student's word, the earlier results stay.
            try task.forgetResults(results)
            return try await task.withService(self) { service in try await measure(service, in: task) }
        }
        func figure(_ phase: Int, _ column: Int) -> Double { table.rows[phase][column].number ?? 0 }
        let lost = figure(1, ClusterPhase.lost)
        let unchecked = figure(3, ClusterPhase.lost)
        let figures = [
            "requests": table.rows.indices.reduce(0) { $0 + figure($1, ClusterPhase.requests) },
            "lost_update": lost, "lost_replica": figure(2, ClusterPhase.lost), "lost_unchecked": unchecked,
            "seconds_unchecked": (unchecked / (Double(rate) ?? 1) * 1000).rounded() / 1000, "replaced": figure(1, ClusterPhase.replaced),
        ]
        try task.save(ResultFile(tables: ["phases": table], figures: figures), to: results)
        guard lost == 0 else { throw Self.updateLost(Int(lost)) }
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        var replica: ContainerConfig?
        _ = equivalent.command(service) { replica = $0 }
        guard let replica else { return [] }
        let add = update.sorted { $0.key < $1.key }.flatMap { ["--env-add", "\($0.key)=\($0.value)"] }
        return [
            ["docker", "swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377"],
            ["docker", "network", "create", "--driver", "overlay", "--attachable", network],
            DockerCommand.createService(config(replica)),
            equivalent.command(entry, isDetached: true) { $0.network = network },
            ["docker", "service", "update", "--no-resolve-image"] + add + [service.name],
            ["sh", "-c", "docker kill \"$(docker ps -q --filter name=\(service.name).1)\""],
            ["docker", "service", "update", "--no-resolve-image", "--no-healthcheck", "--force", service.name],
            ["docker", "service", "rm", service.name],
            ["docker", "rm", "-f", entry.name],
            ["docker", "network", "rm", network],
            ["docker", "swarm", "leave", "--force"],
        ]
    }

    /// The service, with a container that was made for `docker run`.
    fileprivate func config(_ container: ContainerConfig, labels: [String: String] = [:]) -> ServiceConfig {
        ServiceConfig(
            name: service.name, container: container, replicas: replicas, network: network,
            health: ServiceConfig.HealthCheck(
                command: ready, interval: .seconds(2), timeout: .seconds(20), retries: 5, start: .seconds(start)),
            labels: labels)
    }

    var imagesUsed: [String] { [service.image, entry.image] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) throws -> [HashedFile] {
        try HashedFile.mounted(by: service, in: run) + HashedFile.mounted(by: entry, in: run)
            + cases.map { try HashedFile($0.picture, in: run) }
    }

    var places: Set<String> { ["serve", "request", "run", "container", "host", "daemon"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}

// MARK: - Measuring

/// The result of one part of the experiment.
private struct ClusterPhase: Sendable {
    /// The columns of the table.
    static let requests = 1
    static let lost = 2
    static let replaced = 3

    var label: Text
    var tally: LoadTally
    var seconds: Double
    /// How many replicas are others than before.
    var replaced: Int

    /// Requests without a right answer.
    var lost: Int { tally.lost + tally.wrong }
}

extension LabClusterAction {
    fileprivate func measure(_ service: RunningService, in task: TaskContext) async throws -> ResultTable {
        let load = try ModelLoad(task.run, port: entry.ports.first?.host ?? "", nil, cases)
        let requests = load.requests(model)
        task.progress(Text(en: "Waiting for the first answer", zh: "等待第一个响应"), 0, of: Double(Self.phaseCount), .items)
        try await task.wait(atMost: start, for: entry.name) { try await load.isAnswered(requests[0]) }
        var phases: [ClusterPhase] = []
        for (index, part) in try parts(service).enumerated() {
            task.progress(part.label, Double(index), of: Double(Self.phaseCount), .items)
            task.say("— \(part.label.en)")
            let before = Set(try await service.containers())
            let pacing = LoadPlan.Pacing.rate(try ModelLoad.number(rate), connections: Self.connections)
            let began = ContinuousClock.now
            let report = try await load.run(requests, pacing, margin: Self.margin, while: part.change)
            let seconds = began.duration(to: .now) / .seconds(1)
            let replaced = Set(try await service.containers()).subtracting(before).count
            let phase = ClusterPhase(label: part.label, tally: report.tally, seconds: seconds, replaced: replaced)
            task.say("  \(phase.tally.answered + phase.tally.lost) requests, \(phase.lost) lost\(Self.trouble(phase.tally))")
            phases.append(phase)
        }
        let table = Self.table(phases)
        task.progress(Text(en: "Measured", zh: "已测量"), Double(Self.phaseCount), of: Double(Self.phaseCount), .items)
        task.results("cluster.table", table)
        return table
    }

    private static let phaseCount = 4
    /// The load goes on for so many seconds before and after a change.
    private static let margin = 1.0
    private static let connections = 64

    private func parts(_ service: RunningService) throws -> [(label: Text, change: @Sendable () async throws -> Void)] {
        let length = try ModelLoad.number(seconds)
        return [
            (Text(en: "\(replicas) replicas", zh: "\(replicas) 个副本"), { try await Task.sleep(for: .seconds(length)) }),
            (Text(en: "rolling update", zh: "滚动更新"), { try await service.update(with: update, isChecked: true) }),
            (Text(en: "a replica is killed", zh: "杀死一个副本"), { try await service.loseReplica() }),
            (
                Text(en: "update without the health check", zh: "去掉健康检查后更新"),
                { try await service.update(with: [:], isChecked: false) }
            ),
        ]
    }

    private static func trouble(_ tally: LoadTally) -> String {
        let statuses = tally.statuses.filter { $0.key / 100 != 2 }.map { "HTTP \($0.key): \($0.value)" }
        let failures = tally.failures.map { "\($0.key): \($0.value)" }
        let all = statuses.sorted() + failures.sorted()
        return all.isEmpty ? "" : " (\(all.joined(separator: ", ")))"
    }

    private static func table(_ phases: [ClusterPhase]) -> ResultTable {
        ResultTable(
            title: Text(en: "What each event costs the service", zh: "服务在各阶段的表现"),
            columns: [
                ResultTable.Column("phase", Text(en: "phase", zh: "阶段"), .text),
                ResultTable.Column("requests", Text(en: "requests", zh: "请求数")),
                ResultTable.Column("lost", Text(en: "lost", zh: "丢失")),
                ResultTable.Column("replaced", Text(en: "new replicas", zh: "新副本数")),
                ResultTable.Column("seconds", Text(en: "seconds", zh: "秒")),
                ResultTable.Column("p99", Text(en: "p99 (ms)", zh: "p99（毫秒）")),
            ],
            rows: phases.map { phase in
                [
                    .text(phase.label), .number(Double(phase.tally.answered + phase.tally.lost)), .number(Double(phase.lost)),
                    .number(Double(phase.replaced)), .number((phase.seconds * 10).rounded() / 10), .number(phase.tally.p99),
                ]
            },
            chart: ResultTable.Chart(column: ClusterPhase.lost, labels: [0]))
    }

    fileprivate static func updateLost(_ count: Int) -> LabError {
        let requests = count == 1 ? "1 request" : "\(count) requests"
        return LabError(
            .swarmLost,
            Text(en: "The rolling update lost \(requests).", zh: "滚动更新丢失了 \(count) 个请求。"),
            hint: Text(
                en:
                    "With a health check, it should lose none. On a busy machine, replicas may be too slow for this rate. Lower the requests per "
                    + "second in the settings, or end what else uses the processors, and run this sub-step again.",
                zh: "有健康检查时不应丢失任何请求。机器繁忙时，副本可能跟不上这个速率。请在设置中调低每秒请求数，或结束占用处理器的其他程序，然后重新运行本小节。"))
    }
}

// MARK: - The service

/// A service while it's measured.
private struct RunningService: Sendable {
    let task: TaskContext
    let action: LabClusterAction
    let id: String
    /// What it is now.
    private let config: Locked<ServiceConfig>

    init(_ task: TaskContext, _ action: LabClusterAction, _ id: String, _ config: ServiceConfig) {
        self.task = task
        self.action = action
        self.id = id
        self.config = Locked(config)
    }

    /// The containers that run.
    func containers() async throws -> [String] {
        try await task.docker.tasks(of: id).filter { $0.isWanted && $0.state == .running }.compactMap(\.container)
    }

    /// Waits until all replicas are ready. `isFirst`: a node that can't make such containers at all shows that now.
    func waitReady(isFirst: Bool = false) async throws {
        let last = Locked<ServiceTask?>(nil)
        let count = action.replicas
        do {
            try await task.wait(atMost: action.start, for: action.service.name) {
                let tasks = try await task.docker.tasks(of: id)
                if isFirst, let rejected = ServiceTask.rejected(in: tasks, replicas: count) {
                    guard !rejected.lacksItsFiles else { throw Self.missing(rejected) }
                    throw NotOnThisMachine(reason: Self.rejected(rejected))
                }
                if let failed = tasks.first(where: { $0.error?.isEmpty == false }) { last.withLock { $0 = failed } }
                return tasks.count { $0.isWanted && $0.state == .running } == count
            }
        } catch var error as LabError where error.code == .swarmNotReady {
            error.cause = last.withLock { $0?.error }.map { SafeLines.clean(text: $0) }
            throw error
        }
    }

    /// Replaces all replicas, and waits until the new ones can serve.
    func update(with environment: [String: String], isChecked: Bool) async throws {
        let next = config.withLock { config in
            config.container.environment.merge(environment) { _, new in new }
            if !isChecked { config.health = nil }
            return config
        }
        let docker = try await task.docker
        let old = Set(try await containers())
        try await docker.updateService(id, next)
        try await task.wait(atMost: action.replicas * action.start, for: action.service.name) {
            switch try await docker.service(id).update {
            case .completed: return true
            case .failed(let words): throw Self.failed(words)
            case .running, nil: return false
            }
        }
        try await waitReady()
        // Nobody has looked whether they can serve.
        guard !isChecked else { return }
        let names = try await containers().filter { !old.contains($0) }
        try await task.wait(atMost: action.start, for: action.service.name) {
            for name in names where try await docker.exec(name, ExecConfig(action.ready)).exitCode != 0 { return false }
            return true
        }
    }

    /// Kills a replica, and waits until the swarm has replaced it.
    func loseReplica() async throws {
        let docker = try await task.docker
        let before = try await containers()
        guard let victim = before.first else { throw Self.failed("no replica runs") }
        try await docker.killContainer(victim)
        try await task.wait(atMost: action.start, for: action.service.name) {
            let now = try await containers()
            return !now.contains(victim) && now.count == action.replicas
        }
    }

    private static func rejected(_ rejected: ServiceTask) -> LabError {
        LabError(
            .swarmUnavailable,
            Text(en: "This engine can't start the containers of a service.", zh: "这个引擎无法启动服务的容器。"),
            hint: Text(
                en: "The engine's words are below. An overlay network needs an engine that runs as root, and VXLAN in the kernel.",
                zh: "引擎给出的原因见下方。overlay 网络需要以 root 运行的引擎，并且内核支持 VXLAN。"),
            cause: rejected.error.map { SafeLines.clean(text: $0) })
    }

    private static func missing(_ rejected: ServiceTask) -> LabError {
        LabError(
            .swarmNotReady, Text(en: "The replicas lack an image or a folder.", zh: "副本缺少镜像或目录。"),
            hint: Text(
                en: "The engine's words are below. Run again the sub-steps that make it.", zh: "引擎给出的原因见下方。请重新运行生成它的小节。"),
            cause: rejected.error.map { SafeLines.clean(text: $0) })
    }

    private static func failed(_ words: String) -> LabError {
        LabError(
            .swarmNotReady, Text(en: "The swarm stopped the update.", zh: "swarm 停止了这次更新。"),
            hint: Text(
                en: "A new replica didn't become ready. On a busy machine, run this sub-step again later.",
                zh: "新的副本没有就绪。如果机器繁忙，请稍后重新运行本小节。"),
            cause: SafeLines.clean(text: words))
    }
}

extension TaskContext {
    /// Runs a service and the container through which requests come in. Removes both, with their network, whatever happens.
    fileprivate func withService<Value: Sendable>(
        _ action: LabClusterAction, _ body: @Sendable (RunningService) async throws -> Value
    ) async throws -> Value {
        try await removeService(action)
        do {
            try await network(action.network, overlay: true)
            let config = try await serviceConfig(action)
            let id = try await docker.createService(config)
            let service = RunningService(self, action, id, config)
            progress(Text(en: "Starting the replicas", zh: "启动副本"), 0, of: nil, .items)
            try await service.waitReady(isFirst: true)
            let claim = try await claim(action.entry, isFresh: true) { $0.network = action.network }
            try await start(claim, orRemove: true)
            let value = try await body(service)
            try await removeService(action)
            return value
        } catch {
            // Also if this task is cancelled. The next run or `clean` removes what is left.
            await Task.detached { try? await removeService(action) }.value
            throw error
        }
    }

    private func serviceConfig(_ action: LabClusterAction) async throws -> ServiceConfig {
        for folder in action.service.workspaceFolders { try run.workFile(folder).makeDirectory() }
        let image = try await image(of: action.service)
        var container = try run.config(action.service, image: image)
        // By its id: a swarm asks the registry about a name, even if the engine has the image.
        container.image = try await docker.inspectImage(image.reference).id
        container.labels = labels
        container.mounts = try run.realMounts(action.service)
        var config = action.config(container, labels: labels)
        // The image and the mounted folders are on this machine.
        config.node = try await docker.info().swarm?.nodeID
        return config
    }

    /// Removes what this action made, now or in a run that was killed.
    private func removeService(_ action: LabClusterAction) async throws {
        let docker = try await docker
        let name = action.service.name
        let own = try await docker.services(labels: ["\(Label.workspace)=\(run.workspace.id)"]).filter { $0.name == name }
        for service in own { try await docker.removeService(service.id) }
        if let entry = try await docker.containerIfPresent(action.entry.name),
            Label.isOwn(action.entry.name, entry.config.labels, workspace: run.workspace.id)
        {
            try await docker.removeContainer(entry.id, force: true)
        }
        try await docker.waitGone(services: own.map(\.id))
        for network in try await docker.networks(labels: ["\(Label.workspace)=\(run.workspace.id)"]) where network.name == action.network {
            try await docker.removeNetwork(network.id)
        }
    }

    /// Waits until something holds. Throws `swarm.notReady` if it doesn't get there in time.
    fileprivate func wait(atMost seconds: Int, for name: String, until holds: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while try await !holds() {
            guard ContinuousClock.now < end else { throw Self.notReady(name, seconds) }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    private static func notReady(_ name: String, _ seconds: Int) -> LabError {
        LabError(
            .swarmNotReady,
            Text(en: "\(name) wasn't ready after \(seconds) seconds.", zh: "\(name) 在 \(seconds) 秒后仍未就绪。"),
            hint: Text(
                en: "Each replica holds the model in memory, and starts slowly on a busy machine. `free -m` says what memory is left.",
                zh: "每个副本都会把模型读入内存，机器繁忙时启动较慢。`free -m` 显示剩余内存。"))
    }
}
