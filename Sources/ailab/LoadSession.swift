import ArgumentParser
import Dispatch
import Glibc
import LabSupport
import LoadTest
import Telemetry

/// Runs load tests and shows them; Ctrl-C ends one and shows what was measured until then.
struct LoadSession {
    let subject: LoadSubject
    let screen: LoadScreen
    let view: ViewFlags
    private let board: RequestBoard
    private let words = Words(language: Console.language)

    /// `home` is the workspace, in which other programs see what is sent.
    init(subject: LoadSubject, screen: LoadScreen, view: ViewFlags, home: String) {
        board = RequestBoard(home: home)
        self.subject = subject
        self.screen = screen
        self.view = view
    }

    /// One test and its summary. Leaves by the exit code that the result has.
    func single(_ pace: LoadPaceOptions) async throws {
        warn()
        let plan = plan(pace.pacing, pace, seconds: pace.duration?.seconds ?? 10)
        screen.say(words.loadPlan(plan, subject))
        let before = await subject.counters()
        let report = try await run(plan)
        let share = await share(since: before)
        if view.json {
            Console.output(LoadJSON.summary(report, subject, share))
        } else {
            for line in LoadSummary(report, subject, share).lines { Console.output(line) }
        }
        if report.wasStopped { throw ExitCodes.interrupted }
        if !report.isFaultless || report.tally.unsent > 0 { throw ExitCodes.failed }
    }

    /// Level after level, and where the knee is.
    func sweep(_ pace: LoadPaceOptions) async throws {
        warn()
        let seconds = pace.duration?.seconds ?? 5
        screen.say(words.sweepPlan(pace.levels.count, (seconds + pace.warmup.seconds) * Double(pace.levels.count), subject))
        if !view.json { Console.output(words.sweepHeader(isRate: pace.rate != nil)) }
        var levels: [LoadSweep.Level] = []
        var wasStopped = false
        var faults: [String] = []
        for pacing in pace.levels {
            let report = try await run(plan(pacing, pace, seconds: seconds))
            if report.tally.answered > 0 || !report.wasStopped {
                let level = LoadSweep.Level(report)
                levels.append(level)
                Console.output(view.json ? LoadJSON.level(report, level) : words.sweepRow(level, report))
            }
            wasStopped = report.wasStopped
            if faults.isEmpty { faults = LoadSummary(report, subject, nil).faults }
            // A server that answers nothing any more is not helped by more.
            if wasStopped || report.tally.answered == 0 { break }
        }
        let knee = pace.rate == nil ? LoadSweep.kneeOfConcurrency(levels) : LoadSweep.kneeOfRate(levels)
        if view.json {
            Console.output(LoadJSON.knee(knee, levels, isRate: pace.rate != nil, wasStopped: wasStopped))
        } else {
            Console.output("")
            for line in faults { Console.output(line) }
            Console.output(words.knee(knee, levels, isRate: pace.rate != nil, workers: subject.workers))
        }
        if wasStopped { throw ExitCodes.interrupted }
        if knee == .none { throw ExitCodes.failed }
    }

    private func plan(_ pacing: LoadPlan.Pacing, _ pace: LoadPaceOptions, seconds: Double) -> LoadPlan {
        LoadPlan(
            target: subject.target, requests: subject.requests, pacing: pacing, warmUp: pace.warmup.seconds, duration: seconds,
            timeout: pace.timeout.seconds)
    }

    private func warn() {
        guard subject.isElsewhere else { return }
        Console.error(
            words.pick(
                "This load goes to another machine: only with its owner's leave.", "负载将发往其他机器：必须得到其所有者的许可。"))
    }

    private func share(since before: ServerCounters?) async -> ServerShare? {
        guard let before, let after = await subject.counters() else { return nil }
        return ServerShare(from: before, to: after)
    }

    /// One test with its live view. The view is fed through a stream that forgets what it has no time for: a terminal that stands still
    /// must not hold up what is measured.
    private func run(_ plan: LoadPlan) async throws -> LoadReport {
        raiseDescriptorLimit(for: plan.pacing.connections)
        let test = try LoadTest(plan)
        let interrupt = LoadInterrupt(test)
        defer { interrupt.stop() }
        let (looks, feed) = AsyncStream.makeStream(of: LoadProgress.self, bufferingPolicy: .bufferingNewest(1))
        let drawing = Task { [screen] in
            var painter = screen.painter(plan)
            for await look in looks { painter.show(look) }
            painter.finish()
        }
        let (posts, news) = AsyncStream.makeStream(of: RequestSample.self, bufferingPolicy: .bufferingNewest(1))
        let posting = Task { [board] in
            for await post in posts { board.post([post]) }
            board.withdraw()
        }
        let result = await Result {
            try await test.run { look in
                feed.yield(look)
                if let post = look.requests { news.yield(post) }
            }
        }
        feed.finish()
        news.finish()
        await drawing.value
        await posting.value
        return try result.get()
    }

    /// Many connections need many descriptors; the usual limit is 1024, the one that may be asked for far higher.
    private func raiseDescriptorLimit(for connections: Int) {
        var limit = rlimit()
        let wanted = rlim_t(connections + 64)
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

extension Result where Failure == any Error {
    fileprivate init(catching body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}

/// Ctrl-C ends the test, and what was measured is shown; a second one ends the program.
final class LoadInterrupt {
    private let source: any DispatchSourceSignal

    init(_ test: LoadTest) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        let times = Locked(0)
        source.setEventHandler {
            let count = times.withLock { count in
                count += 1
                return count
            }
            if count == 1 { test.stop() } else { _exit(ExitCodes.interrupted.rawValue) }
        }
        source.activate()
    }

    func stop() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
