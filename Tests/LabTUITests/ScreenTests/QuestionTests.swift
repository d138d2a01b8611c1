import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI
import Testing

/// The questions before something is replaced, and the keys that the last line offers.
@Suite struct QuestionTests {
    private static func launched(_ session: Session) -> Bool {
        session.effects.contains { if case .launch = $0 { true } else { false } }
    }

    @Test func anUnattendedRunSaysWhichFilesItUses() throws {
        var session = try Session.started(120, 40)
        try session.saved(nil)
        session.press("3a")
        #expect(!Self.launched(session))
        for words in ["Run step 3 unattended?", "3.3 Build", "there is no Dockerfile.train yet"] {
            #expect(session.screen.contains(words))
        }
        session.press("<esc>")
        try session.saved(StudentScene.wrong)
        session.press("a")
        #expect(session.screen.contains("isn't right yet"))
        session.press("<enter>")
        #expect(session.effects.contains(.launch(selection: "3", auto: true, force: false)))
        #expect(session.model.lab.isLaunching)
    }

    @Test func anUnattendedRunOfTheStudentsOwnStartsAtOnce() throws {
        var session = try Session.started(120, 40)
        try session.saved(StudentScene.right)
        session.press("3a")
        #expect(Self.launched(session))
    }

    @Test func aResetOfNothingAsksNothing() throws {
        var session = try Session.started(120, 40)
        session.press("x")
        session.take(.removable(TaskID(step: 1, number: 1), []))
        #expect(session.model.overlays.isEmpty && session.screen.contains("Nothing to reset."))
    }

    /// A message that doesn't fit beside Enter has rows of its own.
    @Test func aLongMessageIsShownWhole() throws {
        for (columns, rows) in [(120, 40), (80, 24), (60, 15), (48, 12)] {
            for language in Language.allCases {
                var session = try Session.started(columns, rows, language)
                session.take(.said(.demoOnly))
                let shown = session.screen.filter { !$0.isWhitespace }
                #expect(shown.contains(Text.demoOnly[language].filter { !$0.isWhitespace }), "\(columns)×\(rows) \(language)")
                #expect(session.screen.contains("Enter"))
            }
        }
    }

    @Test func aResultIsReplacedOnlyByTheLetter() throws {
        var session = try Session.started(120, 40, runs: ["train"])
        try session.saved(StudentScene.right)
        session.press("3nnr")
        #expect(session.screen.contains("Run 3.3 again?") && session.screen.contains("replaces the result that you have"))
        session.press("<enter>rr")
        #expect(!Self.launched(session), "the keys that ask don't agree")
        session.press("y")
        #expect(session.effects.contains(.launch(selection: "3.3", auto: false, force: true)))
    }

    @Test func aRunThatBeganMeanwhileIsLeftAlone() throws {
        var session = try Session.started(120, 40, runs: ["train"])
        session.press("3nnr")
        session.take(.journal(run: 9, Recorded.shell(RunOptions(), "docker run -it alpine")))
        session.press("<esc>y")
        #expect(!Self.launched(session))
    }

    @Test func theLastLineHasFiveKeysAtMostAndEnterFirst() throws {
        var session = try Session.started(120, 40, runs: ["first", "train"])
        let tasks = try Fixture.lab().tasks
        for _ in tasks {
            let items = FooterView(session.model).items
            #expect(items.count <= 5 && items.first?.key == "Enter")
            #expect(items.suffix(2).map(\.key) == ["?", "q"])
            #expect(Set(items.map(\.key)).count == items.count)
            session.press("n")
        }
    }

    @Test func enterStaysInSightBesideAMessage() throws {
        var session = try Session.started(120, 40)
        session.take(.said(Text(en: "Saved.", zh: "已保存。")))
        #expect(session.screen.contains("Saved.") && session.screen.contains("Enter examine this machine"))
    }

    @Test func aTaskThatNeededNothingSaysHowToSeeItsOutput() throws {
        var session = try Session.started(120, 40)
        let line =
            #"{"schema":1,"seq":1,"time":1,"task":"2.2","type":"taskFinished","outcome":"satisfied","seconds":0,"fingerprint":"x"}"#
        let task = TaskID(step: 2, number: 2)
        session.take(.prepared(try Fixture.lab(), commands: [task: ["docker run alpine ls -l"]]))
        session.take(.workspaceJournal([event(line)].compactMap(\.self)))
        session.press("2no")
        #expect(session.screen.contains("Nothing to do: the result") && session.screen.contains("docker run alpine ls -l"))
    }

    @Test func theCommandsBeforeTheFirstRunAreThoseOfTheLab() throws {
        var session = try Session.started(120, 40)
        session.press("3")
        #expect(session.screen.contains("/work/lab5/Dockerfile.train"), "a file has no command, but a path")
        #expect(!session.screen.contains("No command"))
    }

    @Test func theFinaleComesWhenNothingIsLeft() throws {
        var session = try Session.started(120, 40, runs: ["first", "train"])
        for task in try Fixture.lab().tasks.dropLast() where !session.model.lab.state(of: task.id).isSettled {
            session.take(.workspaceJournal([StudentScene.done(task.id)]))
        }
        session.press("l<end><enter><enter>")
        #expect(!session.model.overlays.contains(.finale(Finale())))
        session.take(.workspaceJournal([StudentScene.done(try #require(Fixture.lab().tasks.last?.id))]))
        #expect(session.screen.contains("Enter see your results"))
        session.press("<enter>")
        #expect(session.effects.contains(.findCleanable))
        for words in ["You finished the lab", "Accuracy", "ailab clean"] { #expect(session.screen.contains(words)) }
        session.press("R")
        #expect(session.effects.contains(.report(.en, utcOffset: 0)))
    }
}
