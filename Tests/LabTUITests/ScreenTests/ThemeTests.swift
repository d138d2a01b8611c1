import LabSupport
import LabTUI
import TestSupport
import Testing

@testable import LabTUI

@Suite struct ThemeTests {
    @Test func theNoticeNamesTheThemeThatWasChosen() throws {
        var session = try Session.started(80, 24)
        for name in ["high contrast", "blue and orange", "none", "standard"] {
            session.press("C")
            #expect(session.screen.contains("Colors: \(name)"))
        }
        session.press("n")
        #expect(!session.screen.contains("Colors:"))
        session.press("LC")
        #expect(session.screen.contains("配色：高对比度"))
        var top = TopModel(size: Size(columns: 80, rows: 24), settings: Settings(language: .en, look: Look()))
        _ = TopUpdate.update(&top, .key(.character("C")))
        #expect(TopView.view(top).plainText.contains("Colors: high contrast"))
        _ = TopUpdate.update(&top, .key(.character("p")))
        #expect(!TopView.view(top).plainText.contains("Colors:"))
    }

    /// A cell without a color of its own would show the terminal's: a white block on black, or the reverse.
    @Test(arguments: [false, true]) func highContrastHasNoHoles(isLight: Bool) throws {
        for keys in ["", "?", ":", "l", "3nnnno", "t"] {
            var session = try Session.started(100, 30, runs: ["first", "train"], look: Look(theme: .contrast, isLight: isLight))
            session.press(keys)
            let frame = session.frame
            #expect(
                (0..<30).allSatisfy { row in frame.row(row).allSatisfy { $0.style.background >= 0 && $0.style.foreground >= 0 } }, "\(keys)"
            )
        }
    }

    @Test func theSelectedRowIsOneBar() throws {
        for theme in Theme.allCases {
            for isLight in [false, true] {
                let look = Look(theme: theme, isLight: isLight)
                let rows = [
                    List.Row(
                        RichLine([Span("✔ ", look[.good]), Span("1.1", look[.muted]), Span(" title")]), note: RichLine("done", look[.good]))
                ]
                var buffer = CellBuffer(Size(columns: 40, rows: 1))
                List(rows, selection: 0).draw(in: Rect(buffer.size), on: &buffer, look)
                #expect(Set(buffer.row(0).map(\.style)) == [look[.selection]], "\(theme)")
            }
        }
    }

    @Test func aLightTerminalGetsColorsThatCanBeRead() throws {
        var session = try Session.started(100, 30, runs: ["first"])
        session.take(.background(isLight: true))
        session.press("2n")
        #expect(session.model.settings.look.isLight)
        expectGolden(session.styles, "styles-standard-light")
        // Yellow and cyan on white.
        let faint: Set<Int16> = [3, 6, 11, 14]
        #expect((0..<30).allSatisfy { row in session.frame.row(row).allSatisfy { !faint.contains($0.style.foreground) } })
    }

    @Test func theTerminalIsAskedOnlyIfItUnderstands() {
        func asked(_ environment: [String: String], usesColor: Bool = true) -> [Bool] {
            let questions = TerminalQuestions(environment: environment, usesColor: usesColor)
            return [questions.background, questions.synchronization]
        }
        #expect(asked(["TERM": "xterm-256color"]) == [true, true])
        #expect(asked(["TERM": "xterm-256color"], usesColor: false) == [false, true])
        #expect(asked(["TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"]) == [true, false])
        #expect(asked(["TERM": "screen"]) == [true, false])
        #expect(asked(["TERM": "screen", "TMUX": "/tmp/x"]) == [true, true])
        for name in ["dumb", "linux", "vt100", ""] { #expect(asked(["TERM": name]) == [false, false], "\(name)") }
        #expect(asked([:]) == [false, false])
        #expect(TerminalQuestions.isLight(["COLORFGBG": "0;15"]) && TerminalQuestions.isLight(["COLORFGBG": "0;default;7"]))
        #expect(!TerminalQuestions.isLight(["COLORFGBG": "15;0"]) && !TerminalQuestions.isLight([:]))
    }

    private func answer(_ question: TerminalAnswers.Question, _ text: String) -> TerminalAnswers.Answer? {
        var answers = TerminalAnswers()
        answers.begin(question)
        let found = text.unicodeScalars.compactMap { answers.take($0.value) }
        #expect(!answers.isReading, "\(text)")
        return found.first
    }

    @Test func answersAreRead() {
        for (text, isLight) in [
            ("rgb:ffff/ffff/ffff", true), ("rgb:0000/0000/0000", false), ("rgb:1e1e/1e1e/2e2e", false), ("rgb:fd/f6/e3", true),
            ("rgba:f/f/f/f", true), ("rgb:00/2b/36", false),
        ] {
            for end in ["\u{07}", "\u{1B}\\"] { #expect(answer(.background, text + end) == .background(isLight: isLight), "\(text)") }
        }
        for text in ["", "rgb:", "rgb:xx/yy/zz", "rgb:fffff/0/0", "#ffffff"] {
            #expect(answer(.background, text + "\u{07}") == nil, "\(text)")
        }
        for (text, isKnown) in [("1$y", true), ("2$y", true), ("0$y", false), ("3$y", false), ("4$y", false)] {
            #expect(answer(.synchronization, text) == .synchronization(isKnown))
        }
        // What has no end isn't an answer, and the keys after it are keys again.
        #expect(answer(.background, String(repeating: "x", count: 40)) == nil)
    }
}
