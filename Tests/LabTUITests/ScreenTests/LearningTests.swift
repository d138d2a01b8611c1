import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI
import Testing

/// Questions before a task, the ladder of hints, what a step shows, terms, words of commands, and settings.
@Suite struct LearningTests {
    private static let train = TaskID(step: 3, number: 5)
    private static let write = TaskID(step: 3, number: 1)

    private static func launched(_ session: Session) -> Bool {
        session.effects.contains { if case .launch = $0 { true } else { false } }
    }

    private static func answers(_ session: Session) -> [Text] {
        session.effects.compactMap { if case .answer(train, let answer) = $0 { answer.answer } else { nil } }
    }

    /// 3.5 is next.
    private func beforeTraining() throws -> Session {
        var session = try Session.started(120, 40)
        session.press("3nnnn")
        session.forgetEffects()
        return session
    }

    // MARK: Questions

    @Test func aNumberAnswersAndTheRunGoesOn() throws {
        var session = try beforeTraining()
        session.press("<enter>")
        #expect(session.screen.contains("97% to 99%") && !Self.launched(session))
        session.press("3")
        #expect(Self.answers(session).map(\.en) == ["97% to 99%"])
        #expect(Self.launched(session) && session.model.overlays.isEmpty)
    }

    @Test(arguments: ["<enter>", "s"]) func itIsNeverInTheWay(_ key: String) throws {
        var session = try beforeTraining()
        session.press("<enter>" + key)
        #expect(Self.answers(session).isEmpty && Self.launched(session))
    }

    @Test func theArrowsAnswerToo() throws {
        var session = try beforeTraining()
        session.press("r<down><down><enter>")
        #expect(Self.answers(session).map(\.en) == ["90% to 97%"] && Self.launched(session))
    }

    @Test func escapeRunsNothingAndAsksAgain() throws {
        var session = try beforeTraining()
        session.press("<enter><esc>")
        #expect(session.model.overlays.isEmpty && !Self.launched(session))
        session.press("<enter>")
        #expect(session.model.overlays.count == 1)
        session.press("97")
        #expect(session.model.overlays.count == 1 && Self.answers(session).isEmpty, "no such choice")
    }

    @Test func nobodyIsAskedTwiceOrWhenTheResultIsKnown() throws {
        var session = try beforeTraining()
        let question = try #require(Fixture.lab().task(Self.train)?.question)
        let answer = QuestionAnswered(question: question.text, answer: question.choices[0].text)
        session.take(.workspaceJournal([Event(sequence: 1, time: 1, task: Self.train, payload: .questionAnswered(answer))]))
        session.press("<enter>")
        #expect(Self.launched(session))
        var done = try Session.started(120, 40, runs: ["train"])
        done.press("3nnnnr")
        #expect(!done.model.overlays.contains { if case .question = $0 { true } else { false } })
    }

    @Test func theAnswerStandsBesideTheMeasurement() throws {
        for language in Language.allCases {
            for (columns, rows) in [(120, 40), (80, 24)] {
                var session = try Session.started(columns, rows, language)
                let question = try #require(Fixture.lab().task(Self.train)?.question)
                let answer = QuestionAnswered(question: question.text, answer: question.choices[1].text)
                session.take(.workspaceJournal([Event(sequence: 1, time: 1, task: Self.train, payload: .questionAnswered(answer))]))
                session.replay("train")
                // The step is over, so what it proved is shown first.
                session.press("<esc>3nnnno")
                #expect(session.screen.contains(question.choices[1].text[language]))
                expectGolden(session.frame, "expected-\(columns)x\(rows)-\(language.rawValue)")
            }
        }
    }

    // MARK: Hints

    @Test func eachOpenedHintIsRecordedWithItsLevel() throws {
        var session = try Session.started(120, 40)
        session.press("3hh")
        let opened = session.effects.compactMap { if case .openHint(Self.write, let hint) = $0 { hint } else { nil } }
        #expect(opened == [HintOpened(number: 1, all: 3, level: .question), HintOpened(number: 2, all: 3, level: .shape)])
        #expect(session.screen.contains("2/3") && session.screen.contains("the shape:"))
        session.press("hy")
        #expect(session.effects.contains(.openHint(Self.write, HintOpened(number: 3, all: 3, level: .answer))))
    }

    @Test func hintsThatWereOpenedBeforeStayOpen() throws {
        var session = try Session.started(120, 40)
        let hint = HintOpened(number: 1, all: 3, level: .question)
        session.take(.workspaceJournal([Event(sequence: 1, time: 1, task: Self.write, payload: .hintOpened(hint))]))
        session.press("3]]]]")
        #expect(session.screen.contains("1/3"))
        session.press("h")
        #expect(session.screen.contains("2/3"))
    }

    @Test func aBuildLeadsToTheHintsOfItsFile() throws {
        var session = try Session.started(120, 40)
        session.press("3nnh")
        #expect(session.screen.contains("Hints of 3.1  1/3"))
        #expect(session.effects.contains { if case .openHint(Self.write, _) = $0 { true } else { false } })
    }

    // MARK: Steps

    @Test func aStepThatIsOverSaysWhatItShowed() throws {
        var session = try Session.started(120, 40)
        for task in try Fixture.lab().steps[2].tasks where task.id != TaskID(step: 3, number: 6) {
            session.take(.workspaceJournal([StudentScene.done(task.id)]))
        }
        let last = TaskID(step: 3, number: 6)
        let options = #""options":{"auto":false,"quick":false,"force":false,"device":"auto","set":{},"terminal":true}"#
        let head = #""schema":1,"time":1795368430"#
        let started = #"{\#(head),"seq":1,"type":"runStarted","run":9,"lab":"lab5","labFile":"l","version":"0","pid":1"#
        let begun = event(started + #","selection":"3.6","tasks":[],\#(options)}"#)
        let end = TaskFinished(outcome: .succeeded, seconds: 1, fingerprint: "x", error: nil, blockedBy: nil)
        let over = RunFinished(outcome: .succeeded, exitCode: 0, seconds: 1)
        let events = [
            begun, Event(sequence: 2, time: 1_795_368_431, task: last, payload: .taskFinished(end)),
            Event(sequence: 3, time: 1_795_368_431, payload: .runFinished(over)),
        ]
        session.take(.journal(run: 9, events.compactMap(\.self)))
        #expect(session.model.overlays == [.account(step: 3, offset: 0)])
        #expect(session.screen.contains("What you proved") && session.screen.contains("Not shown by this step"))
        session.press("<enter>")
        #expect(session.model.overlays.isEmpty)
    }

    /// A box may open by itself while the student types. Those keys are meant for the screen below and must not close it.
    @Test func aBoxThatOpensByItselfTakesNoKeysAtFirst() throws {
        var session = try Session.started(120, 40)
        session.keepsBoxesFresh = true
        session.take(.journal(run: 9, Recorded.shell(RunOptions(), "docker run -it alpine")))
        let overlays = session.model.overlays
        #expect(overlays.count == 1 && session.effects.contains(.settleBox))
        #expect(!session.screen.contains("Esc later"), "keys that do nothing yet aren't offered")
        session.forgetEffects()
        session.press("<enter>nq<esc>")
        session.take(.pasted("x"))
        #expect(session.model.overlays == overlays && session.effects.isEmpty)
        session.take(.boxSettled)
        #expect(session.screen.contains("Esc later"))
        session.press("<enter>")
        #expect(session.model.overlays.isEmpty && !session.effects.isEmpty)
        session.forgetEffects()
        session.press("?<esc>")
        #expect(session.model.overlays.isEmpty && !session.effects.contains(.settleBox), "a box that was asked for takes keys at once")
    }

    // MARK: Words

    private func withWords(_ session: inout Session) throws {
        let lab = try Fixture.lab()
        session.take(.glossaryRead(try lab.readGlossary()))
        session.take(.commandWordsRead(try lab.readCommands()))
    }

    @Test func aTermIsLookedUp() throws {
        var session = try Session.started(80, 24)
        session.press("D")
        #expect(session.effects.contains(.readGlossary))
        try withWords(&session)
        session.press("laye")
        #expect(session.screen.contains("layer") && !session.screen.contains("registry"))
        session.press("<c-u>zzz")
        #expect(session.screen.contains("doesn't explain “zzz”"))
        session.press("<esc>:?p99<enter>")
        #expect(session.screen.contains("99th percentile"))
    }

    @Test func aCommandIsExplainedWordByWord() throws {
        var session = try Session.started(120, 40, runs: ["train"])
        session.press("3nnnnc")
        #expect(session.effects.contains(.readCommandWords))
        try withWords(&session)
        #expect(session.screen.contains("Mounts a folder") && session.screen.contains("--name lab5-student-training"))
        session.press("<esc>3c")
        #expect(session.model.overlays.isEmpty && session.model.message != nil, "a file has no command")
    }

    // MARK: Settings

    @Test func whatTheCommandLineAsksForIsShownUntilOtherSettingsAreSaved() throws {
        var session = try Session.started(120, 40)
        session.ask(RunSettings(quick: true))
        #expect(session.screen.contains("quick · "))
        session.press(",")
        #expect(session.screen.contains("‹ quick ›"))
        session.press("<right><enter>")
        #expect(session.effects.contains(.saveSettings(SettingsChanged(RunOptions()))))
        #expect(session.model.settings.asked == RunSettings() && !session.model.options.quick)
    }

    @Test func settingsAreWeighedAndSaved() throws {
        var session = try Session.started(120, 40)
        session.press(",<right>")
        let draft = SettingsChanged(quick: true, device: .auto, set: [:])
        #expect(session.effects.last == .weighSettings(draft))
        session.take(.settingsWeighed(draft, outdated: [Self.train]))
        #expect(session.screen.contains("Out of date with these settings: 3.5"))
        session.press("<down><right><down>12")
        #expect(session.effects.last == .weighSettings(SettingsChanged(quick: true, device: .cpu, set: ["epochs": "12"])))
        session.press("<enter>")
        #expect(session.effects.last == .saveSettings(SettingsChanged(quick: true, device: .cpu, set: ["epochs": "12"])))
        #expect(session.model.overlays.isEmpty)
        let saved = SettingsChanged(quick: true, device: .cpu, set: ["epochs": "12"])
        session.take(.workspaceJournal([Event(sequence: 1, time: 1, payload: .settingsChanged(saved))]))
        #expect(session.screen.contains("quick CPU epochs=12"), "the first line says what isn't the lab's own")
    }

    @Test func escapeLeavesTheSettingsAsTheyWere() throws {
        var session = try Session.started(120, 40)
        session.press(",<right><esc>")
        #expect(!session.effects.contains { if case .saveSettings = $0 { true } else { false } })
        session.press(",<enter>")
        #expect(!session.effects.contains { if case .saveSettings = $0 { true } else { false } }, "nothing was changed")
    }

    @Test func aValueThatDoesNotFitIsNotSaved() throws {
        var session = try Session.started(120, 40)
        session.press(",<down><down>0<enter>")
        #expect(!session.model.overlays.isEmpty && session.screen.contains("Epochs can't be 0"))
    }

    @Test func languageAndColorsAreKept() throws {
        var session = try Session.started(120, 40)
        session.press(",G")
        let rows = try #require(session.model.overlays.compactMap { if case .settings(let box) = $0 { box.rowCount } else { nil } }.first)
        session.press(String(repeating: "<down>", count: rows - 2) + "<right><down><right><enter>")
        #expect(session.effects.last == .savePreferences(.zh, .contrast))
        #expect(session.model.settings.language == .zh && session.model.look.theme == .contrast)
    }

    // MARK: Pictures

    @Test func theBoxes() throws {
        for language in Language.allCases {
            for (columns, rows) in [(120, 40), (80, 24)] {
                func golden(_ name: String, runs: [String] = [], _ keys: String) throws {
                    var session = try Session.started(columns, rows, language, runs: runs)
                    try withWords(&session)
                    session.press(keys)
                    expectGolden(session.frame, "\(name)-\(columns)x\(rows)-\(language.rawValue)")
                }
                try golden("question", "3nnnn<enter><down>")
                try golden("hint-ladder", "3hh")
                try golden("account", runs: ["train"], "3u")
                try golden("glossary", "D")
                try golden("words", runs: ["train"], "3nnnnc")
                try golden("settings", ",<down><down>7")
            }
        }
    }
}
