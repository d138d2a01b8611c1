import TestSupport
import Testing

@testable import LabFile
@testable import LabRunner
@testable import LabSupport

@Suite struct LabProgressTests {
    private let a: TaskID = "1.1"
    private let b: TaskID = "1.2"
    private let c: TaskID = "1.3"
    private let d: TaskID = "1.4"

    typealias Run = (run: Int?, payloads: [(TaskID?, EventPayload)])

    private func progress(_ runs: [Run], _ spec: LabSpec? = nil) -> LabProgress {
        var progress = spec.map { LabProgress($0) } ?? LabProgress()
        for (index, run) in runs.enumerated() { progress.apply(Mini.events(run.payloads, from: Double(index + 1) * 1000), of: run.run) }
        return progress
    }

    private func run(_ number: Int, _ payloads: [(TaskID?, EventPayload)], ends: Bool = true, options: RunOptions = RunOptions()) -> Run {
        (number, [(nil, Mini.started(run: number, options: options))] + payloads + (ends ? [(nil, Mini.runFinished)] : []))
    }

    private func besides(_ task: TaskID, _ payload: EventPayload) -> Run { (nil, [(task, payload)]) }

    private func blocked(_ task: TaskID, by other: TaskID) -> (TaskID?, EventPayload) {
        (task, .taskFinished(TaskFinished(outcome: .blocked, seconds: 0, fingerprint: "", blockedBy: other)))
    }

    private func looked(_ verdict: Looked.Verdict, _ checks: [CheckResult]? = nil) -> EventPayload {
        .looked(Looked(verdict, checks: checks))
    }

    private func done(_ task: TaskID, _ fingerprint: String = "f") -> [(TaskID?, EventPayload)] {
        [(task, Mini.taskStarted(fingerprint)), (task, Mini.taskFinished(.succeeded, fingerprint))]
    }

    private func failed(_ task: TaskID) -> [(TaskID?, EventPayload)] { [(task, Mini.taskStarted()), (task, Mini.taskFinished(.failed))] }

    // MARK: States

    @Test func everyEndingHasItsState() {
        let ends: [(TaskFinished.Outcome, TaskState)] = [
            (.succeeded, .done), (.satisfied, .done), (.failed, .failed), (.waiting, .waiting), (.cancelled, .cancelled),
        ]
        for (outcome, state) in ends {
            #expect(progress([run(1, [(a, Mini.taskStarted()), (a, Mini.taskFinished(outcome))])]).state(of: a) == state, "\(outcome)")
        }
        #expect(progress([]).state(of: a) == .open)
        var living = progress([run(1, [(a, Mini.taskStarted())], ends: false)])
        #expect(living.state(of: a) == .running)
        living.closeRun()
        #expect(living.state(of: a) == .interrupted)
    }

    @Test func whatOnlyHasToBeReadIsReadAndNotDone() {
        let spec = Mini.spec([Mini.task(a, .read(LabReadAction())), Mini.task(b)])
        let read = progress([run(1, [(a, Mini.taskFinished(.satisfied)), (b, Mini.taskFinished(.succeeded))])], spec)
        #expect(read.state(of: a) == .read)
        let tally = read.tally(spec.tasks)
        #expect((tally.done, tally.all, tally.read, tally.readings) == (1, 1, 1, 1))
        #expect(tally.isComplete)
        #expect(!progress([run(1, done(b))], spec).tally(spec.tasks).isComplete)
    }

    @Test func aTaskIsBlockedAsLongAsWhatItNeedsIsNotDone() {
        let first = run(1, failed(a) + [blocked(b, by: a), blocked(c, by: b)])
        let blocked = progress([first])
        #expect(blocked.state(of: b) == .blocked(by: a) && blocked.state(of: c) == .blocked(by: b))
        for cure in [run(2, done(a)), besides(a, looked(.byHand)), besides(a, .taskReset(TaskReset(removed: [])))] {
            let after = progress([first, cure])
            #expect(after.state(of: b) == .open && after.state(of: c) == .open, "\(cure)")
        }
        #expect(progress([first, run(2, [(a, Mini.taskStarted())], ends: false)]).state(of: b) == .open)
        #expect(progress([run(1, [self.blocked(a, by: b), self.blocked(b, by: a)])]).state(of: a) == .open)
    }

    /// An outdated task may have to wait for another one. The tasks that need it wait, too.
    @Test func anOutdatedTaskIsBlockedToo() {
        let outdated = [run(1, done(a) + done(b)), besides(b, looked(.changed))]
        #expect(progress(outdated).state(of: b) == .noLonger(.changed))
        let waiting = outdated + [run(2, [(a, Mini.taskFinished(.waiting)), blocked(b, by: a), blocked(c, by: b)])]
        #expect(progress(waiting).state(of: b) == .blocked(by: a) && progress(waiting).state(of: c) == .blocked(by: b))
        let cured = progress(waiting + [run(3, done(a))])
        #expect(cured.state(of: b) == .noLonger(.changed) && cured.state(of: c) == .open)
    }

    @Test func aDoneOneStaysDoneIfALaterRunDidNotGetToIt() {
        for end in [blocked(a, by: b), (a, Mini.taskFinished(.cancelled))] {
            #expect(progress([run(1, done(a)), run(2, failed(b) + [end])]).state(of: a) == .done)
        }
        let failed = progress([run(1, done(a)), run(2, failed(a))])
        #expect(failed.state(of: a) == .failed)
        #expect(failed.success(of: a)?.run == 1)
    }

    @Test func aSkipHoldsUntilItIsTakenBackOrTheTaskIsDone() {
        let skip = besides(a, .taskSkipped(TaskSkipped()))
        #expect(progress([skip]).state(of: a) == .skipped)
        #expect(progress([skip, besides(a, looked(.open))]).state(of: a) == .skipped)
        #expect(progress([skip, besides(a, .taskUnskipped(TaskUnskipped()))]).state(of: a) == .open)
        #expect(progress([skip, besides(a, looked(.byHand))]).state(of: a) == .done)
        #expect(progress([skip, run(1, failed(a))]).state(of: a) == .failed)
        #expect(progress([run(1, failed(a)), skip]).state(of: a) == .skipped)
        #expect(progress([run(1, [blocked(b, by: a)]), besides(b, .taskSkipped(TaskSkipped()))]).state(of: b) == .skipped)
        #expect(progress([run(1, done(a)), skip]).state(of: a) == .done)
        let spec = Mini.spec([Mini.task(a), Mini.task(b)])
        let tally = progress([skip], spec).tally(spec.tasks)
        #expect((tally.done, tally.all, tally.skipped) == (0, 2, 1))
        #expect(progress([run(1, done(a)), besides(a, .taskReset(TaskReset(removed: ["x"])))]).state(of: a) == .open)
    }

    @Test func whatALookFindsIsTheNewestEvidence() {
        let check = CheckResult(kind: "image", standing: .failed, wanted: Text(verbatim: "w"), found: Text(verbatim: "f"))
        let gone = progress([run(1, done(a)), besides(a, looked(.gone, [check]))])
        #expect(gone.state(of: a) == .noLonger(.gone) && gone.checks(of: a) == [check])
        #expect(gone.records[a]?.checkedIn == nil)
        #expect(progress([run(1, done(a)), besides(a, looked(.changed))]).state(of: a) == .noLonger(.changed))
        #expect(progress([run(1, done(a)), besides(a, looked(.gone)), run(2, done(a))]).state(of: a) == .done)
        #expect(progress([run(1, done(a)), besides(a, looked(.gone)), besides(a, looked(.done))]).state(of: a) == .done)
        // A run that was cancelled before it got there brings nothing back.
        let cancelled = [(a as TaskID?, Mini.taskFinished(.cancelled))]
        #expect(progress([run(1, done(a)), besides(a, looked(.gone)), run(2, cancelled)]).state(of: a) == .noLonger(.gone))
        let mended = progress([run(1, failed(a)), besides(a, looked(.byHand))])
        #expect(mended.state(of: a) == .done && mended.records[a]?.failure == nil && mended.records[a]?.isByHand == true)
        #expect(progress([run(1, failed(a)), besides(a, looked(.open))]).state(of: a) == .failed)
        var living = progress([run(1, [(a, Mini.taskStarted())], ends: false), besides(a, looked(.done))])
        #expect(living.state(of: a) == .running)
        living.closeRun()
        #expect(living.state(of: a) == .interrupted)
    }

    @Test func whatWasMadeFromAnEarlierResultIsOutOfDate() {
        let work = LabAction.exec(LabExecAction(container: "c", command: ["true"]))
        let spec = Mini.spec([
            Mini.task(a, work), Mini.task(b, work, needs: [a]), Mini.task(c, work, needs: [b]),
            Mini.task(d, .facts(LabFactsAction([])), needs: [a]),
        ])
        let first = run(1, done(a, "1") + done(b) + done(c) + done(d))
        let same = progress([first, run(2, done(a, "1"))], spec)
        #expect([a, b, c, d].allSatisfy { same.state(of: $0) == .done })
        let other = progress([first, run(2, done(a, "2"))], spec)
        #expect([a, b, c, d].map { other.state(of: $0) } == [.done, .noLonger(.changed), .noLonger(.changed), .noLonger(.changed)])
        #expect(progress([first, run(2, done(a, "2") + done(b, "2"))], spec).state(of: b) == .done)
    }

    // MARK: Questions

    @Test func aSuccessIsKeptWithItsChecksAndHowItsRunWasAskedFor() throws {
        var options = RunOptions()
        options.set = ["epochs": "5"]
        options.cure = CarriedCure(cause: "c", text: Text(verbatim: "t"), commands: [])
        let progress = progress([
            run(
                1,
                [
                    (a, Mini.taskStarted("x")), (a, Mini.check("image")), (a, .captured(Captured(name: "n", value: "1"))),
                    (a, Mini.taskFinished(.succeeded, "x")),
                ],
                options: options)
        ])
        let success = try #require(progress.success(of: a))
        #expect((success.run, success.fingerprint, success.seconds, success.time) == (1, "x", 2, 1004))
        #expect(success.checks.map(\.kind) == ["image"])
        #expect(success.options.set == ["epochs": "5"])
        #expect(progress.captured == ["n": "1"])
        #expect(progress.records[a]?.endedIn == 1 && progress.interrupted == nil && progress.run?.number == 1)
        #expect(progress.options.set == ["epochs": "5"] && progress.options.cure == nil)
    }

    @Test func whatWasFoundDoneCountsOnlyWithoutARecord() {
        let progress = progress([
            run(1, [(a, Mini.check("image")), (a, Mini.taskFinished(.satisfied, "byhand"))]),
            run(2, [(a, Mini.taskFinished(.satisfied, "again"))]),
        ])
        #expect(progress.success(of: a)?.run == 1)
        #expect(progress.success(of: a)?.fingerprint == "byhand")
        #expect(progress.success(of: a)?.seconds == 0)
        #expect(progress.records[a]?.endedIn == 2)
    }

    @Test func checksOfAnEarlierTryOfTheSameRunDoNotCount() {
        let progress = progress([
            run(
                1,
                [
                    (a, Mini.check("image", .failed)), (a, Mini.taskStarted()), (a, Mini.check("container")),
                    (a, Mini.taskFinished(.succeeded)),
                ])
        ])
        #expect(progress.success(of: a)?.checks.map(\.kind) == ["container"])
    }

    @Test func aRunWithoutAnEndWasInterruptedAtWhatItHadBegun() {
        var progress = progress([run(1, done(a) + [(b, Mini.taskStarted())], ends: false)])
        #expect(progress.interrupted == nil && progress.working == [b])
        progress.closeRun()
        #expect(progress.interrupted == LabProgress.Interrupted(run: 1, tasks: [b]))
        #expect(progress.state(of: b) == .interrupted && progress.abandoned(b) == [1] && progress.working.isEmpty)
    }

    @Test func onlyTheNewestRunCountsAsInterrupted() {
        let broken = run(1, [(a, Mini.taskStarted())], ends: false)
        #expect(progress([broken, run(2, [])]).interrupted == nil)
        #expect(progress([broken, run(2, [])]).abandoned(a) == [1])
    }

    @Test func anAbandonedTaskStaysOneUntilARunBringsItToAnEnd() {
        let first = run(1, [(a, Mini.taskStarted())], ends: false)
        let second = run(2, [(a, Mini.taskStarted())], ends: false)
        #expect(progress([first, second, run(3, [])]).abandoned(a) == [1, 2])
        #expect(progress([first, run(2, [(a, Mini.taskFinished(.blocked))])]).abandoned(a) == [1])
        for outcome in [TaskFinished.Outcome.succeeded, .satisfied, .failed, .cancelled, .waiting] {
            #expect(progress([first, second, run(3, [(a, Mini.taskStarted()), (a, Mini.taskFinished(outcome))])]).abandoned(a).isEmpty)
        }
        #expect(progress([first, besides(a, .taskReset(TaskReset(removed: [])))]).abandoned(a).isEmpty)
    }

    @Test func aTaskEndsWhatWasDoneBeforeItAndNotWhatCameAfter() {
        let start: (TaskID?, EventPayload) = (a, Mini.taskFinished(.succeeded))
        let stop: (TaskID?, EventPayload) = (b, Mini.taskFinished(.succeeded))
        #expect(progress([run(1, [start, stop])]).ended(a, by: b))
        #expect(progress([run(1, [start]), run(2, [stop])]).ended(a, by: b))
        #expect(!progress([run(1, [stop, start])]).ended(a, by: b))
        #expect(!progress([run(1, [start, stop]), run(2, [start])]).ended(a, by: b))
        #expect(!progress([run(1, [start])]).ended(a, by: b))
        #expect(!progress([run(1, [stop])]).ended(a, by: b))
    }

    @Test func howFarARunIsWithSomeOfItsTasks() {
        let plan = [a, b].map { PlannedTask(id: $0, title: Text(verbatim: ""), expectedSeconds: 1, needed: false) }
        let start = EventPayload.runStarted(
            RunStarted(run: 1, lab: "mini", labFile: "", version: "1", pid: 1, selection: "1", options: RunOptions(), tasks: plan))
        #expect(!progress([]).part([a]).isElsewhere && !progress([]).part([a]).isOver)
        #expect(progress([(1, [(nil, start)])]).part([c]).isElsewhere)
        let going = progress([(1, [(nil, start)] + done(a))])
        #expect(going.part([a]).exitCode == 0 && going.part([a, b]).exitCode == nil)
        let error = LabError(.containerExit, Text(verbatim: "no"))
        let failing: [(TaskID?, EventPayload)] = [
            (b, .taskFinished(TaskFinished(outcome: .failed, seconds: 1, fingerprint: "", error: error)))
        ]
        #expect(progress([(1, [(nil, start)] + done(a) + failing)]).part([a, b]).exitCode == 1)
        #expect(progress([(1, [(nil, start), (nil, Mini.runFinished)])]).part([a]).exitCode == 0)
    }

    @Test func whatThisMachineCannotDoIsNeverDoneAndLeavesNothingToDo() {
        let spec = Mini.spec([Mini.task(a, .containers(LabContainersAction())), Mini.task(b, .containers(LabContainersAction()))])
        let ended = run(1, done(b) + [(a, Mini.taskStarted()), (a, Mini.taskFinished(.unavailable))])
        var progress = progress([ended], spec)
        #expect(progress.state(of: a) == .unavailable)
        #expect(!progress.state(of: a).isDone && progress.state(of: a).isSettled && !progress.state(of: a).blocksOthers)
        let tally = LabTally(spec.tasks.map { ($0, progress.state(of: $0.id)) })
        #expect(tally.done == 1 && tally.all == 1 && tally.unavailable == 1 && tally.isComplete)
        // A look finds nothing of it. It stays what it was, until a run succeeds on a machine that can.
        progress.apply(Mini.events([(a, looked(.open))], from: 5000))
        #expect(progress.state(of: a) == .unavailable)
        progress.apply(Mini.events(run(2, done(a)).payloads, from: 6000), of: 2)
        #expect(progress.state(of: a) == .done)
    }
}
