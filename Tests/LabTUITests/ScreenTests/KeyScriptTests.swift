import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI
import TestSupport
import Testing

@Suite struct KeyScriptTests {
    @Test func enterGoesThroughTheLab() throws {
        var session = try Session.started(120, 40)
        #expect(session.model.walkthrough.selected == TaskID(step: 1, number: 1))
        session.press("<enter>")
        #expect(session.effects.contains(.launch(selection: "1.1", auto: false, force: false)))
        session.press("<enter>")
        #expect(session.effects.count { if case .launch = $0 { true } else { false } } == 1, "one run at a time")
    }

    /// Between the end of the last task and that of its run.
    @Test func aKeyThatComesWhileARunEndsIsNotLost() throws {
        let events = Fixture.run("first")
        let end = try #require(events.last)
        let number = try #require(events.firstNonNil { if case .runStarted(let start) = $0.payload { start.run } else { nil } })
        var session = try Session.started(120, 40)
        func isLaunched() -> Bool { session.effects.contains { if case .launch = $0 { true } else { false } } }
        session.take(.journal(run: number, Array(events.prefix(events.count / 2))))
        session.press("2nr")
        #expect(session.model.message?.text == Text.alreadyRunning && session.model.lab.nextLaunch == nil)
        session.take(.journal(run: number, Array(events.dropFirst(events.count / 2).dropLast())))
        session.press("r")
        #expect(!isLaunched() && session.model.lab.nextLaunch?.selection == "2.2")
        session.take(.journal(run: number, [end]))
        #expect(isLaunched() && session.model.lab.nextLaunch == nil)
    }

    @Test func aMissingEngineIsOnlySaidOfWhatNeedsOne() throws {
        let gone = LabError(.engineMissing, Text(en: "There is none.", zh: "没有。"))
        for (keys, needsEngine) in [("<enter>", false), ("n<enter>", true), ("r", false), ("a", true)] {
            var session = try Session.started(120, 40)
            session.take(.engine(.unreachable(gone)))
            session.press(keys)
            #expect(session.effects.contains { if case .launch = $0 { true } else { false } }, "\(keys)")
            #expect((session.model.message?.text == gone.message) == needsEngine, "\(keys)")
        }
    }

    @Test func aDoneTaskIsRunAgainByForceAndEnterGoesOn() throws {
        var session = try Session.started(120, 40, runs: ["first"])
        session.press("2")
        session.press("r")
        #expect(session.effects.contains(.launch(selection: "2.1", auto: false, force: true)))
        session.press("<enter>")
        #expect(session.model.walkthrough.selected == TaskID(step: 2, number: 2))
    }

    @Test func theReportIsWrittenInTheLanguageOfTheScreenAndNotOfADemo() throws {
        var session = try Session.started(80, 24)
        session.press("LR")
        #expect(session.effects.contains(.report(.zh, utcOffset: 0)))
        #expect(session.model.message?.text == Text.reporting)
        var demo = try Session.started(80, 24)
        demo.showAsDemo(speed: 4)
        demo.press("R")
        #expect(!demo.effects.contains { if case .report = $0 { true } else { false } })
        #expect(demo.model.message?.text == Text.demoOnly)
    }

    @Test func autoRunsTheStep() throws {
        var session = try Session.started(80, 24)
        session.press("2a")
        #expect(session.effects.contains(.launch(selection: "2", auto: true, force: false)))
    }

    @Test func theSelectionFollowsTheRunUntilTheStudentGoesElsewhere() throws {
        var session = try Session.started(120, 40)
        session.press("3a<enter>")
        session.replay("train", count: 40)
        #expect(session.model.walkthrough.selected == TaskID(step: 3, number: 5))
        session.press("1")
        session.take(.journal(run: 1, Array(Fixture.run("train").dropFirst(40))))
        #expect(session.model.walkthrough.selected == TaskID(step: 1, number: 1))
    }

    @Test func interruptCancelsThenKillsThenLeaves() throws {
        var session = try Session.started(120, 40)
        session.replay("train", count: 40)
        session.press("<c-c>")
        #expect(session.effects.last == .cancelRun(run: 1, atOnce: false))
        session.press("<c-c>")
        #expect(session.effects.last == .cancelRun(run: 1, atOnce: true))
        session.take(.journal(run: 1, Array(Fixture.run("train").dropFirst(40))))
        // A step has ended: what it proved is shown, and Ctrl-C closes that box first.
        session.press("<c-c>")
        #expect(session.model.overlays.isEmpty)
        session.press("<c-c>")
        #expect(session.effects.last == .quit)
    }

    @Test func escapeNeverQuits() throws {
        var session = try Session.started(120, 40)
        session.press("?<esc>:x<esc>l<esc>/abc<esc><esc><esc>")
        #expect(!session.effects.contains(.quit))
        #expect(session.model.overlays.isEmpty)
        session.press("q")
        #expect(session.effects.last == .quit)
    }

    @Test func pastedTextPressesNoKeys() throws {
        var session = try Session.started(120, 40)
        session.take(.pasted("rax<enter>"))
        #expect(!session.effects.contains { if case .launch = $0 { true } else { false } })
        session.press(":")
        session.take(.pasted("3.4\nrm -rf /"))
        session.press("<enter>")
        #expect(session.model.walkthrough.selected == TaskID(step: 3, number: 4))
    }

    @Test func searchFindsAndGoesOn() throws {
        var session = try Session.started(120, 40, runs: ["train"])
        session.press("3nnnn/accuracy<enter>")
        let last = session.model.walkthrough.logView.match
        #expect(last != nil)
        session.press("N")
        #expect(session.model.walkthrough.logView.match ?? .max < last ?? 0)
        session.press("n")
        #expect(session.model.walkthrough.logView.match == last)
        session.press("<esc>")
        #expect(session.model.walkthrough.logView.search.isEmpty)
    }

    @Test func followPausesByScrollingAndResumesAtTheEnd() throws {
        var session = try Session.started(120, 40, runs: ["train"])
        session.press("3nnnno<up>")
        #expect(!session.model.walkthrough.logView.follows)
        session.press("G")
        #expect(session.model.walkthrough.logView.follows)
    }

    @Test func aFilterShowsSomeLinesAndSearchStaysAmongThem() throws {
        var session = try Session.started(80, 24, runs: ["train"])
        session.press("3nnnno")
        let all = session.model.walkthrough.log.count
        session.press("&accuracy<enter>")
        let shown = LogLines(session.model.walkthrough.log, session.model.walkthrough.logView.filter)
        #expect(shown.count > 0 && shown.count < all)
        #expect(session.screen.contains("lines with “accuracy”"))
        #expect(!session.screen.contains("Train Epoch"))
        session.press("g")
        #expect(session.model.walkthrough.logView.top == session.model.walkthrough.log.firstLine)
        session.press("/epoch<enter>")
        #expect(session.model.walkthrough.logView.match == nil, "a line that is not shown is not found")
        session.press("<esc><esc>")
        #expect(!session.model.walkthrough.logView.filter.isOn)
        #expect(session.screen.contains("Train Epoch"))
        session.press("&ACCURACY<enter>")
        #expect(LogLines(session.model.walkthrough.log, session.model.walkthrough.logView.filter).count == 0)
    }

    @Test func aSkippedTaskStaysSkippedUntilItIsTakenUpOrRun() throws {
        var session = try Session.started(120, 40)
        let task = TaskID(step: 1, number: 1)
        session.press("s")
        #expect(session.effects.contains(.skip(task, isSkipped: true)))
        #expect(session.model.walkthrough.selected == task, "the same key takes it back")
        session.take(.workspaceJournal([Recorded.mark(task, "taskSkipped")].compactMap(\.self)))
        #expect(session.model.lab.state(of: task) == .skipped)
        #expect(session.model.message?.text == Text.skipped, "a mark is no run that ended")
        session.press("s")
        #expect(session.effects.contains(.skip(task, isSkipped: false)))
        session.take(.workspaceJournal([Recorded.mark(task, "taskUnskipped")].compactMap(\.self)))
        #expect(session.model.lab.state(of: task) == .open)
    }

    @Test func aDemoDoesNothing() throws {
        var session = try Session.started(80, 24)
        session.showAsDemo(speed: 4)
        session.forgetEffects()
        session.press("<enter>ravesx<c-s>")
        #expect(session.effects.isEmpty)
        #expect(session.model.message?.text == Text.demoOnly)
        session.press("<esc>n")
        session.press("dd")
        #expect(session.effects.allSatisfy { $0 != .doctor(session.model.size) } && session.model.overlays.isEmpty)
        #expect(session.model.message?.text == Text.demoOnly)
        session.replay("train", count: 40)
        session.press("<c-c>")
        #expect(session.effects.last == .quit)
    }

    @Test func whatKeepsARunFromItsFirstTaskIsSaidAndCured() throws {
        var session = try Session.started(120, 40, runs: ["unreachable"])
        session.take(.engine(.unreachable(LabError(.engineMissing, Text(en: "There is none.", zh: "没有。")))))
        session.press("o")
        #expect(session.screen.contains("Run 1 couldn't start") && session.screen.contains("No Docker daemon is running here"))
        #expect(!session.screen.contains("Not run yet"))
        session.press("f")
        guard case .confirm(let question)? = session.model.overlays.last else {
            Issue.record("no cure is offered: \(session.screen)")
            return
        }
        #expect(question.lines.map(\.en).contains("$ service docker start"))
    }

    /// The cure of a missing engine would start a second one.
    @Test func whatFailedForWantOfAnEngineIsTriedAgainWhenOneAnswers() throws {
        var session = try Session.started(120, 40, runs: ["unreachable"])
        session.take(.engine(.unreachable(LabError(.engineMissing, Text(en: "There is none.", zh: "没有。")))))
        session.press("f")
        #expect(session.model.overlays.count == 1)
        session.press("<esc>")
        session.take(.engine(.reachable(try #require(Recorded.engine))))
        let task = try #require(session.model.walkthrough.selected.flatMap { session.model.lab.spec?.task($0) })
        #expect(PrimaryAction(task, session.model) == .run)
        session.press("o")
        #expect(!session.screen.contains("No Docker daemon is running here"), "\(session.screen)")
        #expect(session.screen.contains("Not run yet"), "\(session.screen)")
        session.press("f")
        #expect(session.model.overlays.isEmpty && session.model.message?.text == .noCure)
    }

    @Test func newWorkIsReadAndWorkThatGoesOnIsWatched() throws {
        var session = try Session.started(80, 24, runs: ["first"])
        session.press("2no")
        #expect(!session.model.walkthrough.showsText)
        session.press("3")
        #expect(session.model.walkthrough.showsText)
        session.replay("train", count: 40)
        session.press("3nnnn")
        #expect(!session.model.walkthrough.showsText)
    }

    @Test func aResetIsAskedForWithWhatWouldGo() throws {
        var session = try Session.started(80, 24, runs: ["train"])
        let task = TaskID(step: 3, number: 3)
        session.press("3nnx")
        #expect(session.effects.last == .findRemovable(task))
        session.take(.removable(task, [WorkspaceObject(kind: .image, name: "train_dl:latest", id: "2", bytes: 1_850_000_000)]))
        #expect(session.screen.contains("train_dl:latest"))
        session.press("<esc>")
        #expect(!session.effects.contains(.reset([task])))
        session.take(.removable(task, []))
        session.press("<enter>")
        #expect(session.effects.last == .reset([task]))
    }

    @Test func copyAndLanguageAndTheme() throws {
        var session = try Session.started(120, 40, runs: ["first"])
        session.press("2ny")
        #expect(session.effects.contains { if case .terminal(.copy(let text)) = $0 { text.hasPrefix("docker run") } else { false } })
        session.press("LC")
        #expect(session.model.settings.language == .zh)
        #expect(session.model.look.theme == .contrast)
    }

    @Test func hintsComeOneByOneAndTheReferenceLast() throws {
        var session = try Session.started(120, 40)
        session.press("3hh")
        #expect(session.model.walkthrough.showsReference.isEmpty)
        session.press("h")
        #expect(session.model.walkthrough.showsReference.isEmpty, "the solution comes only after a question")
        session.press("<esc>h<enter>")
        #expect(session.model.walkthrough.showsReference == [TaskID(step: 3, number: 1)])
    }

    @Test func aShellIsOfferedOnceAndEnteredOnAsking() throws {
        var session = try Session.started(120, 40)
        let events = Recorded.shell(RunOptions(), "docker run -it alpine")
        #expect(events.count == 3)
        session.take(.journal(run: 9, events))
        #expect(session.model.overlays.count == 1)
        session.press("<esc>")
        session.take(.journal(run: 9, []))
        #expect(session.model.overlays.isEmpty, "declined")
        session.press("<enter>")
        #expect(session.effects.last == .terminal(.attach(container: "lab5-student-shell")))
    }

    @Test func aLostRunSaysSo() throws {
        var session = try Session.started(120, 40)
        session.replay("train", count: 40)
        session.take(.runClosed(1))
        #expect(session.model.lab.livingRun == nil)
        #expect(session.model.lab.state(of: TaskID(step: 3, number: 5)) == .interrupted)
        #expect(session.model.message?.isFailure == true)
    }

    @Test func everySizeIsDrawn() throws {
        var session = try Session.started(120, 40, runs: ["first", "train"])
        for columns in stride(from: 1, through: 140, by: 13) {
            for rows in stride(from: 1, through: 45, by: 4) {
                session.take(.resized(Size(columns: columns, rows: rows)))
                #expect(AppView.view(session.model).size == Size(columns: columns, rows: rows))
            }
        }
    }
}
