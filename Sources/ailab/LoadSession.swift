import ArgumentParser
import LabEngine
import LabSupport
import LoadTest
import Telemetry

/// Runs load tests and shows them; Ctrl-C ends one and shows what was measured until then.
struct LoadSession {
    let subject: LoadSubject
    let screen: LoadScreen
    let view: ViewFlags
    /// The workspace, in which other programs see what is sent.
    let home: String
    private let words = Words(language: Console.language)

    init(subject: LoadSubject, screen: LoadScreen, view: ViewFlags, home: String) {
        self.subject = subject
        self.screen = screen
        self.view = view
        self.home = home
    }

    /// One test and its summary. Leaves by the exit code of the result.
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
        var sweep = MeasuredSweep(isRate: pace.rate != nil)
        var faults: [String] = []
        for pacing in pace.levels where !sweep.isOver {
            let report = try await run(plan(pacing, pace, seconds: seconds))
            if let level = sweep.take(report) { Console.output(view.json ? LoadJSON.level(report, level) : words.sweepRow(level, report)) }
            if faults.isEmpty { faults = LoadSummary(report, subject, nil).faults }
        }
        let knee = sweep.knee
        if view.json {
            Console.output(LoadJSON.knee(knee, sweep.levels, isRate: pace.rate != nil, wasStopped: sweep.wasStopped))
        } else {
            Console.output("")
            for line in faults { Console.output(line) }
            let text = words.knee(knee, sweep.levels, isRate: pace.rate != nil, workers: subject.workers)
            for line in Prose.wrapped(text) { Console.output(line) }
        }
        if sweep.wasStopped { throw ExitCodes.interrupted }
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
                "This load goes to another machine: only with its owner's permission.", "负载将发往其他机器：必须得到其所有者的许可。"))
    }

    private func share(since before: ServerCounters?) async -> ServerShare? {
        guard let before, let after = await subject.counters() else { return nil }
        return ServerShare(from: before, to: after)
    }

    /// One test with its live view.
    private func run(_ plan: LoadPlan) async throws -> LoadReport {
        let run = try LoadRun(plan, home: home)
        let interrupts = Interrupts(run)
        defer { interrupts.stop() }
        let drawing = Task { [screen] in
            var painter = screen.painter(plan)
            for await look in run.progress { painter.show(look) }
            painter.finish()
        }
        do {
            let report = try await run.report()
            await drawing.value
            return report
        } catch {
            await drawing.value
            throw error
        }
    }
}
