import TestSupport
import Testing

@testable import LabFile
@testable import LabRunner

@Suite struct RunHistoryTests {
    private let a: TaskID = "1.1"
    private let b: TaskID = "1.2"

    private func history(_ runs: [(run: Int, payloads: [(TaskID?, EventPayload)])], lab: String = "mini") -> RunHistory {
        var history = RunHistory()
        for run in runs { history.fold(Mini.events(run.payloads, from: Double(run.run) * 1000), run: run.run, lab: lab) }
        return history
    }

    private func run(_ number: Int, _ payloads: [(TaskID?, EventPayload)], ends: Bool = true, options: RunOptions = RunOptions()) -> (
        Int, [(TaskID?, EventPayload)]
    ) {
        (number, [(nil, Mini.started(run: number, options: options))] + payloads + (ends ? [(nil, Mini.runFinished)] : []))
    }

    @Test func aSuccessIsKeptWithItsChecksAndHowItsRunWasAskedFor() throws {
        var options = RunOptions()
        options.set = ["epochs": "5"]
        let history = history([
            run(
                1,
                [
                    (a, Mini.taskStarted("x")), (a, Mini.check("image")), (a, .captured(Captured(name: "n", value: "1"))),
                    (a, Mini.taskFinished(.succeeded, "x")),
                ],
                options: options)
        ])
        let success = try #require(history.successes[a])
        #expect((success.run, success.fingerprint, success.seconds, success.time) == (1, "x", 2, 1004))
        #expect(success.checks.map(\.kind) == ["image"])
        #expect(success.options.set == ["epochs": "5"])
        #expect(history.captured == ["n": "1"])
        #expect(history.last[a] == RunHistory.Last(run: 1, outcome: .succeeded, error: nil))
        #expect(history.interrupted == nil)
        #expect(history.latestRun == 1)
    }

    @Test func aLaterFailureIsTheLastWordAndDoesNotTakeTheSuccessAway() {
        let history = history([
            run(1, [(a, Mini.taskStarted()), (a, Mini.taskFinished(.succeeded, "x"))]),
            run(2, [(a, Mini.taskStarted()), (a, Mini.taskFinished(.failed, "y"))]),
        ])
        #expect(history.successes[a]?.run == 1)
        #expect(history.last[a]?.outcome == .failed)
    }

    @Test func whatWasFoundDoneCountsOnlyWithoutARecord() {
        let history = history([
            run(1, [(a, Mini.check("image")), (a, Mini.taskFinished(.satisfied, "byhand"))]),
            run(2, [(a, Mini.taskFinished(.satisfied, "again"))]),
        ])
        #expect(history.successes[a]?.run == 1)
        #expect(history.successes[a]?.fingerprint == "byhand")
        #expect(history.successes[a]?.seconds == 0)
        #expect(history.last[a]?.run == 2)
    }

    @Test func checksOfAnEarlierTryOfTheSameRunDoNotCount() {
        let history = history([
            run(
                1,
                [
                    (a, Mini.check("image", .failed)), (a, Mini.taskStarted()), (a, Mini.check("container")),
                    (a, Mini.taskFinished(.succeeded)),
                ])
        ])
        #expect(history.successes[a]?.checks.map(\.kind) == ["container"])
    }

    @Test func aRunWithoutAnEndWasInterruptedAtWhatItHadBegun() {
        let history = history([
            run(1, [(a, Mini.taskStarted()), (a, Mini.taskFinished(.succeeded)), (b, Mini.taskStarted())], ends: false)
        ])
        #expect(history.interrupted == RunHistory.Interrupted(run: 1, tasks: [b]))
        #expect(history.last[b] == RunHistory.Last(run: 1, outcome: nil, error: nil))
        #expect(history.abandoned == [b: [1]])
    }

    @Test func onlyTheNewestRunCountsAsInterrupted() {
        let broken = run(1, [(a, Mini.taskStarted())], ends: false)
        #expect(history([broken, run(2, [])]).interrupted == nil)
        #expect(history([broken, run(2, [])]).abandoned == [a: [1]])
    }

    @Test func anAbandonedTaskStaysOneUntilARunBringsItToAnEnd() {
        let first = run(1, [(a, Mini.taskStarted())], ends: false)
        let second = run(2, [(a, Mini.taskStarted())], ends: false)
        #expect(history([first, second]).abandoned == [a: [1, 2]])
        #expect(history([first, run(2, [(a, Mini.taskFinished(.blocked))])]).abandoned == [a: [1]])
        for outcome in [TaskFinished.Outcome.succeeded, .satisfied, .failed, .cancelled, .waiting] {
            #expect(history([first, second, run(3, [(a, Mini.taskStarted()), (a, Mini.taskFinished(outcome))])]).abandoned.isEmpty)
        }
        #expect(history([first, run(2, [(a, .taskReset(TaskReset(removed: [])))])]).abandoned.isEmpty)
    }

    @Test func aResetForgets() {
        let history = history([
            run(1, [(a, Mini.taskStarted()), (a, Mini.taskFinished(.succeeded))]), run(2, [(a, .taskReset(TaskReset(removed: ["x"])))]),
        ])
        #expect(history.successes[a] == nil)
        #expect(history.last[a] == nil)
    }

    @Test func otherLabsAndJournalsWithoutABeginningAreNotOurs() {
        var history = RunHistory()
        history.fold(Mini.events([(nil, Mini.started(run: 1, lab: "other")), (a, Mini.taskFinished(.succeeded))]), run: 1, lab: "mini")
        history.fold(Mini.events([(a, Mini.taskFinished(.succeeded))]), run: 2, lab: "mini")
        history.fold([], run: 3, lab: "mini")
        #expect(history == RunHistory())
    }

    @Test func aTaskEndsWhatWasDoneBeforeItAndNotWhatCameAfter() {
        let start: (TaskID?, EventPayload) = (a, Mini.taskFinished(.succeeded))
        let stop: (TaskID?, EventPayload) = (b, Mini.taskFinished(.succeeded))
        #expect(history([run(1, [start, stop])]).ended(a, by: b))
        #expect(history([run(1, [start]), run(2, [stop])]).ended(a, by: b))
        #expect(!history([run(1, [stop, start])]).ended(a, by: b))
        #expect(!history([run(1, [start, stop]), run(2, [start])]).ended(a, by: b))
        #expect(!history([run(1, [start])]).ended(a, by: b))
        #expect(!history([run(1, [stop])]).ended(a, by: b))
    }

    @Test func allJournalsOfAWorkspaceButTheLivingOneAreFolded() throws {
        let home = try TemporaryDirectory()
        let workspace = try Workspace(root: home.path)
        for _ in 0..<3 {
            let folder = try workspace.makeRun()
            let journal = try JournalWriter(folder)
            journal.append(Mini.started(run: folder.number))
            journal.append(Mini.taskStarted(), task: a)
            journal.output(Array("noise\n".utf8), .stdout, task: a)
            journal.append(Mini.taskFinished(.succeeded, "f\(folder.number)"), task: a)
            if folder.number == 1 { journal.append(Mini.runFinished) }
        }
        let history = RunHistory(workspace, lab: "mini", living: 3)
        #expect(history.successes[a]?.fingerprint == "f2")
        #expect(history.interrupted == RunHistory.Interrupted(run: 2, tasks: []))
        #expect(RunHistory(workspace, lab: "other", living: nil) == RunHistory())
    }
}
