import ContainerEngine
import HostFacts
import LabSupport

/// Knows which containers run, and reads their values from the kernel's files. If these can't be read, it uses the engine's stream.
///
/// `run` talks to the engine and may wait for it. `read` never waits.
final class ContainerSource: Sendable {
    /// One running container.
    private struct Watched {
        var name: String
        var image: String
        var task: String?
        var files: ControlGroupFiles?
        var before: ContainerCounters?
        /// The last two values of the engine's stream.
        var streamed: (before: ContainerCounters?, now: ContainerCounters)?
        var stream: Task<Void, Never>?
    }

    private struct State {
        var watched: [String: Watched] = [:]
        var absence: Absence?
        /// The engine can't measure its containers. What runs is known nevertheless.
        var isUnmeasured = false
        var isKnown = false
        var marks: [TelemetryMark] = []
        var processes = ProcessMeter()
    }

    /// The maximum number of measured containers. A machine with hundreds isn't a student's.
    private static let maximumContainers = 64
    private static let shownProcesses = 4
    private static var pause: Duration { .seconds(3) }

    private let connect: @Sendable () async throws -> DockerClient
    private let clock: TelemetryClock
    private let root: HostRoot
    private let taskLabel: String
    private let hostMemory: Double?
    private let state = Locked(State())

    /// `taskLabel` is the container label that names the sub-step that created the container.
    init(clock: TelemetryClock, taskLabel: String, root: HostRoot = .machine, connect: @escaping @Sendable () async throws -> DockerClient)
    {
        self.clock = clock
        self.root = root
        self.taskLabel = taskLabel
        self.connect = connect
        hostMemory = Memory.read(root: root).value.map { Double($0.total) }
    }

    /// Whether it's known if the engine responds.
    var isKnown: Bool { state.withLock { $0.isKnown } }

    /// Follows the engine until the task is canceled.
    func run() async {
        while !Task.isCancelled {
            do {
                try await follow(try await connect())
            } catch {
                forget(because: error)
            }
            try? await Task.sleep(for: Self.pause, tolerance: .milliseconds(500))
        }
        state.withLock { state in state.watched.values.forEach { $0.stream?.cancel() } }
    }

    private func forget(because error: any Error) {
        guard !Task.isCancelled else { return }
        let failure = error as? LabError
        state.withLock { state in
            state.watched.values.forEach { $0.stream?.cancel() }
            state.watched = [:]
            state.isKnown = true
            state.absence = Absence(
                failure?.codeText ?? LabError.Code.engineUnreachable.rawValue,
                failure?.message ?? Text(en: "The container engine doesn't respond.", zh: "容器引擎没有响应。"), hint: failure?.hint)
        }
    }

    private func follow(_ docker: DockerClient) async throws {
        let cannotMeasure = (try? await docker.info().cannotMeasureContainers) ?? false
        state.withLock { $0.isUnmeasured = cannotMeasure }
        // Subscribe to events before listing the containers, so that nothing in between is missed.
        let events = try await docker.events(kinds: ["container"])
        try await refresh(docker)
        for try await event in events where Self.changes.contains(event.action) {
            note(event)
            // The engine reports the end a moment before its list says so, and no event follows. A restart has an event of its own.
            try await refresh(docker, ended: event.action == "die" ? event.subject : nil)
        }
    }

    private static let changes: Set<String> = ["start", "die", "destroy", "rename", "pause", "unpause", "update"]

    private func note(_ event: DockerEvent) {
        guard event.action == "start" || event.action == "die" else { return }
        let name = SafeLines.clean(text: event.attributes["name"] ?? String(event.subject.prefix(12)))
        let text =
            event.action == "start"
            ? Text(en: "\(name) started", zh: "\(name) 已启动") : Text(en: "\(name) exited", zh: "\(name) 已退出")
        let mark = TelemetryMark(time: clock.now, kind: .container, text: text)
        state.withLock { $0.marks.append(mark) }
    }

    private func refresh(_ docker: DockerClient, ended: String? = nil) async throws {
        let list = try await docker.listContainers().filter { $0.id != ended }.prefix(Self.maximumContainers)
        let known = state.withLock { Set($0.watched.keys) }
        let mounts = KernelMount.all(root: root)
        var fresh: [String: Watched] = [:]
        for summary in list where !known.contains(summary.id) {
            guard let details = try await docker.containerIfPresent(summary.id) else { continue }
            let name = SafeLines.clean(text: details.name)
            var watched = Watched(name: name, image: SafeLines.clean(text: summary.image), task: summary.labels[taskLabel])
            let pid = Int32(exactly: details.state.pid) ?? 0
            watched.files = ControlGroupFiles(
                pid: pid, id: summary.id, root: root, mounts: mounts, hasOwnNetwork: details.hostConfig.network != "host")
            // Gives the first tick something to compare with.
            watched.before = watched.files?.read(at: clock.now, hostMemory: hostMemory)
            fresh[summary.id] = watched
        }
        let added = fresh
        let names = Dictionary(list.map { ($0.id, $0.names.first ?? "") }, uniquingKeysWith: { first, _ in first })
        let streaming = state.withLock { state -> [String] in
            for (id, watched) in state.watched where names[id] == nil {
                watched.stream?.cancel()
                state.watched[id] = nil
            }
            for (id, name) in names where !name.isEmpty { state.watched[id]?.name = SafeLines.clean(text: name) }
            state.watched.merge(added) { old, _ in old }
            state.absence = nil
            state.isKnown = true
            // Without cgroups, the engine's numbers are the whole machine's.
            return state.isUnmeasured ? [] : added.filter { $0.value.files == nil }.map(\.key)
        }
        for id in streaming {
            let task = Task { await self.stream(id, docker) }
            state.withLock { $0.watched[id]?.stream = task }
        }
    }

    /// Takes the engine's samples of a container, one each second, until the container exits.
    private func stream(_ id: String, _ docker: DockerClient) async {
        let billionths = try? await docker.inspectContainer(id).hostConfig.nanoCPUs
        let limit = billionths.flatMap { $0 > 0 ? Double($0) / 1e9 : nil }
        guard let samples = try? await docker.stats(id) else { return }
        var iterator = samples.makeAsyncIterator()
        while !Task.isCancelled, let stats = try? await iterator.next() {
            let now = ContainerCounters(stats, at: clock.now, hostMemory: hostMemory, cpuLimit: limit)
            state.withLock { state in
                guard let last = state.watched[id]?.streamed else {
                    state.watched[id]?.streamed = (nil, now)
                    return
                }
                state.watched[id]?.streamed = (last.now, now)
            }
        }
    }

    /// The current values of the running containers, the busiest first, and the events since the previous call.
    func read(at time: Double) -> (reading: ContainerReading, marks: [TelemetryMark]) {
        state.withLock { state in
            defer { state.marks = [] }
            guard state.isKnown, state.absence == nil else {
                return (ContainerReading(absence: state.absence), state.marks)
            }
            state.processes.begin()
            var list: [ContainerSample] = []
            for id in state.watched.keys {
                if let sample = read(id, &state, at: time) { list.append(sample) }
            }
            list.sort { ($0.cpu ?? 0, $1.name) > ($1.cpu ?? 0, $0.name) }
            let isMissing = state.isUnmeasured && state.watched.values.contains { $0.files == nil }
            return (ContainerReading(list: list, absence: isMissing ? Self.unmeasured : nil), state.marks)
        }
    }

    private static let unmeasured = Absence(
        "engine.noControlGroups",
        Text(
            en: "Not measurable: this rootless engine has no cgroups, so it can't tell a container's share from the whole machine's.",
            zh: "无法测量：这个 rootless 引擎没有 cgroup，无法区分单个容器与整机的用量。"),
        hint: Text(
            en: "It needs cgroup v2 and systemd's delegation: https://rootlesscontaine.rs/getting-started/common/cgroup2/",
            zh: "需要 cgroup v2 以及 systemd 的委派：https://rootlesscontaine.rs/getting-started/common/cgroup2/"))

    private func read(_ id: String, _ state: inout State, at time: Double) -> ContainerSample? {
        guard let watched = state.watched[id] else { return nil }
        var sample = ContainerSample(id: id, name: watched.name, image: watched.image)
        sample.task = watched.task
        if let files = watched.files {
            // The files are gone, but the engine hasn't reported an end. What it says runs is shown, even without values.
            guard let now = files.read(at: time, hostMemory: hostMemory) else {
                state.watched[id]?.before = nil
                return sample
            }
            sample.fill(watched.before, now)
            state.watched[id]?.before = now
            sample.top = state.processes.hardest(files.members(), count: Self.shownProcesses, at: time)
        } else {
            sample.source = .engine
            if let streamed = watched.streamed { sample.fill(streamed.before, streamed.now) }
        }
        return sample
    }
}
