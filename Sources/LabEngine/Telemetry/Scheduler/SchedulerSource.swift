import ContainerEngine
import LabSupport

/// Asks the schedulers of clusters: those in containers of the lab, and the one that this machine is a client of, if there is one.
final class SchedulerSource: Sendable {
    /// How long all questions to a scheduler may take together.
    private static var timeout: Duration { .seconds(10) }
    /// A scheduler works for ailab at most one part in so many of the time: one that others use, too, and one of the lab. That of the lab
    /// is slow only if the whole machine is.
    private static let (ownShare, labShare) = (10, 2)
    /// A failed attempt doesn't hide what was read a moment ago. Seconds.
    private static let maximumAge = 20.0
    /// After so many failures in a row, the scheduler of this machine isn't asked any more. It serves many people.
    private static let attempts = 3
    /// A scheduler in a container takes some seconds to start. So many failures don't make the pauses longer.
    private static let failuresBeforeSlower = 5
    /// Which containers run is known soon after the start.
    private static var firstPause: Duration { .milliseconds(50) }

    private let targets: [SchedulerTarget]
    private let options: SchedulerOptions
    private let clock: TelemetryClock
    private let connect: @Sendable () async throws -> DockerClient
    private let isRunning: @Sendable (String) -> Bool?
    private let state = Locked<[String: SchedulerMemory]>([:])
    private let engine = Locked<DockerClient?>(nil)

    /// `isRunning` returns whether a container runs, or nil as long as the engine hasn't said it.
    init(
        _ targets: [SchedulerTarget], _ options: SchedulerOptions, clock: TelemetryClock,
        connect: @escaping @Sendable () async throws -> DockerClient, isRunning: @escaping @Sendable (String) -> Bool?
    ) {
        self.targets = targets
        self.options = options
        self.clock = clock
        self.connect = connect
        self.isRunning = isRunning
    }

    /// The newest sample of each scheduler: first those of the lab, in its order.
    var samples: [SchedulerSample] {
        let order = targets.map(\.name)
        let now = clock.now
        return state.withLock { state in
            (order.compactMap { state[$0] } + state.filter { !order.contains($0.key) }.map(\.value)).map { $0.sample(at: now) }
        }
    }

    /// Asks until the task is canceled. A scheduler that doesn't respond doesn't delay the others.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for target in targets { group.addTask { await self.follow(target) } }
            if let environment = options.environment { group.addTask { await self.followOwn(environment) } }
        }
    }

    private func follow(_ target: SchedulerTarget) async {
        let empty = SchedulerSample(name: target.name, title: target.title, container: target.container)
        guard let dialect = SchedulerKind(rawValue: target.kind)?.dialect else { return put(Self.unknown(target.kind), in: empty) }
        var attempt = SchedulerAttempt(options.pace, failuresBeforeSlower: Self.failuresBeforeSlower, share: Self.labShare)
        var idle = Self.firstPause
        while !Task.isCancelled {
            guard let isRunning = isRunning(target.container) else {
                put(Self.waiting, in: empty)
                try? await Task.sleep(for: Self.firstPause, tolerance: .milliseconds(50))
                continue
            }
            guard isRunning else {
                attempt = SchedulerAttempt(options.pace, failuresBeforeSlower: Self.failuresBeforeSlower, share: Self.labShare)
                state.withLock { $0[target.name] = nil }
                idle = min(options.pace, idle * 2)
                try? await Task.sleep(for: idle, tolerance: .milliseconds(50))
                continue
            }
            idle = Self.firstPause
            await ask(dialect, empty, &attempt) { [self] commands in
                let divider = SchedulerAnswer.newMark()
                // To start one program costs the engine half as much as to start two.
                var config = ExecConfig(["/bin/sh", "-c", SchedulerAnswer.script(commands, divider)])
                config.environment = dialect.environment
                let result = try await exec(target.container, config)
                let output = try SchedulerAnswer.output(of: commands[0], result.exitCode, result.stdout, result.stderr)
                return SchedulerAnswer.parts(of: output, divider)
            }
            try? await Task.sleep(for: attempt.pause, tolerance: .milliseconds(100))
        }
    }

    /// Asks the scheduler that this machine is a client of. Without its programs, there's nothing to do.
    private func followOwn(_ environment: [String: String]) async {
        let lookup = ExecutableLookup(path: environment["PATH"])
        for kind in SchedulerKind.allCases {
            let dialect = kind.dialect
            let paths = dialect.programs.compactMap { name in lookup.find(name).map { (name, $0) } }
            guard paths.count == dialect.programs.count else { continue }
            return await follow(dialect, Dictionary(paths) { first, _ in first }, environment)
        }
    }

    private func follow(_ dialect: any SchedulerDialect, _ programs: [String: String], _ environment: [String: String]) async {
        let empty = SchedulerSample(name: programs[dialect.programs[0]] ?? "", title: dialect.title)
        let inherited = environment.filter { dialect.inherited.contains($0.key) }
        var attempt = SchedulerAttempt(options.ownPace, failuresBeforeSlower: 0, share: Self.ownShare)
        while !Task.isCancelled, attempt.failures < Self.attempts {
            await ask(dialect, empty, user: environment["USER"], &attempt) { commands in
                let variables = inherited.merging(dialect.environment) { $1 }
                var outputs: [[UInt8]] = []
                for words in commands {
                    guard let path = words.first.flatMap({ programs[$0] }) else { continue }
                    outputs.append(try await Self.run(words, path, variables))
                }
                return outputs
            }
            guard attempt.failures < Self.attempts else { break }
            try? await Task.sleep(for: attempt.pause, tolerance: .milliseconds(100))
        }
        if !Task.isCancelled { giveUp(empty.name) }
    }

    private static func run(_ words: [String], _ path: String, _ environment: [String: String]) async throws -> [UInt8] {
        let output = Locked<[UInt8]>([])
        let errors = Locked<[UInt8]>([])
        var command = ChildCommand(path, Array(words.dropFirst()), environment: environment, timeout: timeout)
        // On a login node, nobody else would end a program that waits for a controller.
        command.dependsOnProgram = true
        let result = try await ChildProcess.run(command) { line in
            let bytes = Array(line.text.utf8) + [0x0A]
            (line.stream == .output ? output : errors).withLock { if $0.count <= SchedulerAnswer.limit { $0 += bytes } }
        }
        guard !result.timedOut else { throw SchedulerAnswer.silent(words) }
        return try SchedulerAnswer.output(of: words, result.exitCode, output.withLock { $0 }, errors.withLock { $0 })
    }

    /// Runs a program in a container. The engine is looked for once, and again after it failed.
    private func exec(_ container: String, _ config: ExecConfig) async throws -> ExecResult {
        let docker: DockerClient
        if let known = engine.withLock({ $0 }) { docker = known } else { docker = try await connect() }
        do {
            let result = try await docker.exec(container, config, limit: SchedulerAnswer.limit)
            engine.withLock { $0 = docker }
            return result
        } catch {
            engine.withLock { $0 = nil }
            throw error
        }
    }

    private func ask(
        _ dialect: any SchedulerDialect, _ empty: SchedulerSample, user: String? = nil, _ attempt: inout SchedulerAttempt,
        _ run: @escaping @Sendable ([[String]]) async throws -> [[UInt8]]
    ) async {
        let begin = ContinuousClock.now
        if state.withLock({ $0[empty.name] == nil }) { put(Self.waiting, in: empty) }
        do {
            let read = try await Deadline.run(Self.timeout) { try await dialect.read(into: empty, user: user, ask: run) }
            guard let read else { throw SchedulerAnswer.silent(dialect.programs) }
            state.withLock { $0[empty.name] = SchedulerMemory(read) }
            let isQuiet = read.totals.running + read.totals.waiting == 0
            attempt.succeeded(at: clock.now, after: begin.duration(to: .now), isQuiet: isQuiet)
        } catch {
            guard !Task.isCancelled else { return }
            attempt.failed()
            let absence = SchedulerAnswer.absence(error)
            guard let last = attempt.lastSuccess else { return put(absence, in: empty) }
            state.withLock { state in
                var later = empty
                later.absence = absence
                state[empty.name]?.replace(at: last + Self.maximumAge, by: later)
            }
        }
    }

    private func put(_ absence: Absence, in empty: SchedulerSample) {
        var sample = empty
        sample.absence = absence
        state.withLock { [sample] in $0[empty.name] = SchedulerMemory(sample) }
    }

    private func giveUp(_ name: String) {
        state.withLock { state in
            guard var sample = state[name]?.newest else { return }
            let reason = sample.absence?.reason ?? SchedulerAnswer.silent([name]).reason
            // What was read before is old by now.
            sample = SchedulerSample(name: name, title: sample.title)
            sample.absence = Absence(
                "scheduler.stopped", reason,
                hint: Text(
                    en: "ailab has stopped asking after \(Self.attempts) attempts. Open this view again to ask again.",
                    zh: "已尝试 \(Self.attempts) 次，不再查询。重新打开此视图会再次查询。"))
            state[name] = SchedulerMemory(sample)
        }
    }

    private static let waiting = Absence(
        SchedulerSample.waitingCode, Text(en: "The scheduler hasn't answered yet.", zh: "调度器尚未响应。"))

    private static func unknown(_ kind: String) -> Absence {
        Absence(
            "scheduler.kind",
            Text(en: "ailab can't ask a scheduler of the kind `\(kind)`.", zh: "ailab 无法查询 `\(kind)` 类型的调度器。"))
    }
}
