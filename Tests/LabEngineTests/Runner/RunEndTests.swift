import Glibc
import TestSupport
import Testing

@testable import LabEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

@Suite struct RunResultTests {
    private let a: TaskID = "1.1"
    private let b: TaskID = "1.2"
    private let homework: TaskID = "1.3"

    private var spec: LabSpec { Mini.spec([Mini.task(a), Mini.task(b, needs: [a]), Mini.task(homework, optional: true)]) }

    private func judge(_ endings: [Runner.Ending], chosen: Set<TaskID> = []) -> RunSession.Result.Judged {
        RunSession.Result.Judged(requested: [a, b, homework], endings: endings, spec: spec, chosen: chosen)
    }

    private func ending(_ task: TaskID, _ outcome: TaskFinished.Outcome, _ code: LabError.Code? = nil) -> Runner.Ending {
        Runner.Ending(task: task, outcome: outcome, error: code.map { LabError($0, Text(verbatim: "x")) })
    }

    @Test func everythingDone() {
        let judged = judge([ending(a, .succeeded), ending(b, .satisfied), ending(homework, .succeeded)])
        #expect(judged.result == RunSession.Result(outcome: .succeeded))
        #expect(judged.result.exitCode == 0)
        #expect(judged.homework == [])
    }

    @Test func aFailedStepIsOneAndAnEnvironmentThatBlocksIsThree() {
        let failed = judge([ending(a, .failed, .containerExit), ending(b, .blocked), ending(homework, .succeeded)])
        #expect(failed.result.outcome == .failed)
        #expect(failed.result.exitCode == 1)
        let blocked = judge([ending(a, .failed, .engineLost), ending(b, .blocked), ending(homework, .succeeded)])
        #expect(blocked.result.outcome == .blocked)
        #expect(blocked.result.exitCode == 3)
    }

    @Test func theFirstFailureDecides() {
        let judged = judge([ending(b, .failed, .diskFull), ending(a, .failed, .containerExit), ending(homework, .succeeded)])
        #expect(judged.result.error?.code == .diskFull)
    }

    @Test func homeworkThatFailsIsToldAndDoesNotCount() {
        let judged = judge([ending(homework, .failed, .containerExit), ending(a, .succeeded), ending(b, .succeeded)])
        #expect(judged.result == RunSession.Result(outcome: .succeeded))
        #expect(judged.homework == [homework])
    }

    @Test func homeworkThatWasAskedForByItsNumberCounts() {
        let judged = judge([ending(homework, .failed, .containerExit), ending(a, .succeeded), ending(b, .succeeded)], chosen: [homework])
        #expect(judged.result.exitCode == 1)
        #expect(judged.homework == [])
    }

    @Test func homeworksFailureIsNotTheReasonOfARunThatFailsOtherwise() {
        let judged = judge([ending(homework, .failed, .engineLost), ending(a, .failed, .containerExit), ending(b, .blocked)])
        #expect(judged.result.error?.code == .containerExit)
        #expect(judged.result.exitCode == 1)
        #expect(judged.homework == [homework])
    }

    @Test func aTaskThatWaitsForTheStudentIsNotDone() {
        let judged = judge([ending(a, .waiting, .studentFile), ending(b, .blocked), ending(homework, .succeeded)])
        #expect(judged.result.exitCode == 1)
        #expect(judged.result.error?.code == .studentFile)
    }
}

@Suite(.timeLimit(.minutes(1))) struct RunFollowerTests {
    private let home: TemporaryDirectory
    private let workspace: Workspace
    private let folder: RunFolder

    init() throws {
        home = try TemporaryDirectory()
        workspace = try Workspace(root: home.path)
        folder = try workspace.makeRun()
    }

    private func follow(launched: Int32? = nil) -> Task<[String], Never> {
        Task { [workspace, folder] in
            var types: [String] = []
            for await events in RunFollower(workspace, folder, launched: launched) { types += events.map(\.payload.type) }
            return types
        }
    }

    @Test func anyNumberOfWatchersSeeTheWholeRunToItsEnd() async throws {
        let lock = try WorkspaceLock(workspace, run: folder.number)
        let journal = try JournalWriter(folder)
        journal.append(Mini.started(run: 1))
        let early = [follow(), follow()]
        for _ in 0..<50 { journal.append(Mini.taskStarted(), task: "1.1") }
        let late = follow()
        journal.append(Mini.runFinished)
        let whole = ["runStarted"] + [String](repeating: "taskStarted", count: 50) + ["runFinished"]
        for watcher in early + [late] { #expect(await watcher.value == whole) }
        withExtendedLifetime(lock) {}
    }

    @Test func aRunThatWasKilledEndsForItsWatchers() async throws {
        var lock: WorkspaceLock? = try WorkspaceLock(workspace, run: folder.number)
        let journal = try JournalWriter(folder)
        journal.append(Mini.started(run: 1))
        let watcher = follow()
        journal.append(Mini.taskStarted(), task: "1.1")
        withExtendedLifetime(lock) {}
        lock = nil
        #expect(await watcher.value == ["runStarted", "taskStarted"])
    }

    @Test func aRunnerThatDiesBeforeItsFirstWordEndsForWhoStartedIt() async throws {
        let child = try Shell.start("exit 3", in: "/")
        let pid = child.pid
        let watcher = follow(launched: pid)
        #expect(await watcher.value == [])
        #expect(RunnerProcess.exitCode(of: pid) == 3)
        child.stop()
    }

    @Test func aRunnerThatTakesLongToBeginIsWaitedFor() async throws {
        let child = try Shell.start("exec sleep 600", in: "/")
        let watcher = follow(launched: child.pid)
        #expect(RunnerProcess.exitCode(of: child.pid) == nil)
        // Many more wake-ups than an idle look lasts, and no lock taken.
        for number in 0..<20 {
            try home.write("x", to: "runs/1/noise\(number)")
            try await Task.sleep(for: .milliseconds(20))
        }
        let journal = try JournalWriter(folder)
        journal.append(Mini.started(run: 1))
        journal.append(Mini.runFinished)
        #expect(await watcher.value == ["runStarted", "runFinished"])
        child.stop()
    }

    @Test func aSignalIsToldAsShellsDo() async throws {
        let child = try Shell.start("exec sleep 600", in: "/")
        kill(child.pid, SIGKILL)
        try await eventually { RunnerProcess.exitCode(of: child.pid) != nil }
        #expect(RunnerProcess.exitCode(of: child.pid) == 137)
        child.stop()
    }

    @Test func aRequestThatCannotBeReadIsAnErrorAndNoSilence() async throws {
        await #expect(throws: LabError.self) {
            try await RunnerProcess.main(requestPath: "/nonexistent/request.json", environment: [:], version: "1")
        }
    }
}
