import Diagnosis
import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI
import Testing

/// The student's file in the walkthrough: how it's shown, edited, checked and built.
@Suite struct StudentFileTests {
    private static let file = "/home/student/.local/state/ailab/work/lab5/Dockerfile.train"

    private static func line(_ effects: [AppEffect]) -> Int?? {
        for case .terminal(.edit(file, _, let line)) in effects { return .some(line) }
        return nil
    }

    @Test func itsWatchedFromTheStart() throws {
        let session = try Session.started(120, 40)
        #expect(session.effects.contains(.watchFiles(asksEngine: false)))
        #expect(session.effects.contains(.watchFiles(asksEngine: true)), "the engine says which builder it is")
    }

    @Test func aFileThatIsntWrittenIsTheStudentsTurn() throws {
        for language in Language.allCases {
            var session = try Session.started(80, 24, language)
            try session.saved(nil)
            session.press("3o")
            #expect(session.screen.contains(session.model.say(TaskState.waiting.text)))
            for words in ["reading", "Press Enter or r to run"] { #expect(!session.screen.contains(words)) }
        }
    }

    @Test func enterWritesThenMendsThenChecks() throws {
        var session = try Session.started(120, 40)
        try session.savedTemplate()
        session.press("3")
        #expect(session.screen.contains("Enter write your Dockerfile.train"))
        try session.saved(StudentScene.wrong)
        #expect(session.screen.contains("Enter edit at line 6"))
        session.forgetEffects()
        session.press("<enter>")
        #expect(Self.line(session.effects) == .some(6))
        try session.saved(StudentScene.right)
        #expect(session.screen.contains("Enter check your Dockerfile.train"))
        session.forgetEffects()
        session.press("<enter>")
        #expect(session.effects.contains(.launch(selection: "3.1", auto: false, force: false)))
    }

    @Test func everyMistakeIsShownUnderItsLine() throws {
        var session = try Session.started(120, 40)
        session.press("3")
        try session.saved(StudentScene.wrong)
        let rows = session.screen.split(separator: "\n").map(String.init)
        let pip = try #require(rows.firstIndex { $0.contains("RUN pip instal torchvision") })
        #expect(rows[pip].contains("✘  6 │"))
        #expect(rows[pip + 1].contains("╰ ✘"))
        #expect(session.screen.contains("2 mistakes in lines 6, 8"))
    }

    @Test func theTicksSayWhatIsMissingAndNotTheAnswer() throws {
        var session = try Session.started(120, 40)
        session.press("3")
        try session.saved(StudentScene.wrong)
        #expect(session.screen.contains("✔ Python and PyTorch") && session.screen.contains("✘ the program to start"))
        #expect(!session.screen.contains("ENTRYPOINT"), "the answer is for the hints")
    }

    @Test func itsDoneWhenASaveMakesItRightAndNoLongerWhenItBreaks() throws {
        var session = try Session.started(120, 40)
        let task = TaskID(step: 3, number: 1)
        try session.saved(StudentScene.wrong)
        session.forgetEffects()
        try session.saved(StudentScene.right)
        #expect(session.effects == [.look(task)])
        session.take(.workspaceJournal([StudentScene.done(task)]))
        session.forgetEffects()
        try session.saved(StudentScene.right, at: StudentScene.begun)
        #expect(session.effects.isEmpty, "nothing to tell")
        try session.saved(StudentScene.wrong)
        #expect(session.effects == [.look(task)])
    }

    @Test func theEditorOpensFromEveryTaskThatUsesTheFile() throws {
        var session = try Session.started(120, 40)
        try session.saved(StudentScene.wrong)
        for keys in ["3", "3nn", "3nnn", "3nnnn"] {
            session.forgetEffects()
            session.press(keys + "e")
            #expect(Self.line(session.effects) == .some(6), "\(keys)")
        }
        session.forgetEffects()
        session.press("2e")
        #expect(Self.line(session.effects) == nil)
        #expect(session.model.message?.text == Text.noEditorFile)
    }

    @Test func aBuildSaysWhichFileItUsesAndWaitsForIt() throws {
        var session = try Session.started(120, 40)
        try session.savedTemplate()
        session.press("3nn")
        #expect(session.screen.contains("It builds your Dockerfile.train, which is still the template."))
        #expect(session.screen.contains("Enter go to 3.1, which comes first"))
        try session.saved(StudentScene.wrong)
        #expect(session.screen.contains("Enter edit at line 6"))
        try session.saved(StudentScene.right)
        #expect(session.screen.contains("Enter build your image"))
    }

    // MARK: A failed build

    private static func failed(_ finding: Finding? = StudentScene.packageMissing) throws -> Session {
        var session = try Session.started(120, 40)
        try session.saved(StudentScene.misspelt)
        session.press("3nn")
        session.take(.journal(run: 1, StudentScene.failedBuild(finding)))
        session.forgetEffects()
        return session
    }

    @Test func aFailedBuildShowsTheLineInTheStudentsNumbering() throws {
        for finding in [StudentScene.packageMissing, nil] {
            let session = try Self.failed(finding)
            let screen = session.screen
            #expect(screen.contains("The build failed in lines 3–5 of your Dockerfile.train."))
            #expect(screen.contains(" 3 │ RUN apt-get update"))
            #expect(screen.split(separator: "\n").count { $0.contains("Unable to locate package") } == 1, "it's said once")
            #expect(!screen.contains("/9"), "the builder's numbering isn't the student's")
            for button in ["e edit at line 3", "o the log", "r build again"] { #expect(screen.contains(button)) }
        }
    }

    @Test func enterDoesntRepeatAFailedBuildButEdits() throws {
        var session = try Self.failed()
        #expect(session.screen.contains("Enter edit at line 3"))
        session.press("<enter>")
        #expect(session.effects == [.terminal(.edit(path: Self.file, template: template(session), line: 3))])
        session.forgetEffects()
        // Saved after the build began.
        try session.saved(StudentScene.right, at: StudentScene.begun + 60)
        #expect(session.screen.contains("it has no mistakes now"))
        session.press("<enter>")
        #expect(session.effects.contains(.launch(selection: "3.3", auto: false, force: false)))
    }

    private func template(_ session: Session) -> String { "\(session.model.lab.spec?.directory ?? "")/train/Dockerfile.template" }

    @Test func theMachinesFaultIsntTheFiles() throws {
        let session = try Self.failed(StudentScene.nameServer)
        #expect(session.screen.contains("Enter build your image again"))
        #expect(!session.screen.contains("edit at line"))
    }

    @Test func theDiagnosisIsLeftWhenTheBuildWorks() throws {
        var session = try Self.failed()
        #expect(session.model.walkthrough.tab == .diagnosis)
        session.replay("train")
        #expect(session.model.lab.state(of: TaskID(step: 3, number: 3)).isDone)
        #expect(session.model.walkthrough.tab == .output)
    }

    @Test func whatWaitedForABuildIsOpenOnceItWorked() throws {
        var session = try Session.started(120, 40, runs: ["refused"])
        let (build, server) = (TaskID(step: 4, number: 2), TaskID(step: 4, number: 3))
        session.press("4nno")
        #expect(session.screen.contains("Blocked: it needs 4.2"))
        #expect(session.screen.contains("Enter go to 4.2, which comes first"))
        session.take(.workspaceJournal([StudentScene.done(build)]))
        #expect(session.model.lab.state(of: server) == .open)
        #expect(!session.screen.contains("needs 4.2"))
    }
}
