import LabFile
import LabRunner
import LabSupport
import LabTUI
import TestSupport
import Testing

/// Asking a model about a picture of the student's.
@Suite struct PictureBoxTests {
    private static func picture(side: Int = 28) throws -> Picture {
        try #require(Picture(width: side, height: side, pixels: (0..<side * side).map { UInt8($0 % 251) }))
    }

    private static func prediction(_ model: String) -> Prediction {
        let labels = [("7", 0.91), ("1", 0.06), ("9", 0.01)].map { Prediction.Label(label: $0.0, probability: $0.1) }
        return Prediction(model: model, picture: "mine.png", expected: [], top: labels, right: false, seconds: 0.1)
    }

    private static func box(_ session: Session) throws -> PictureBox {
        try #require(session.model.overlays.compactMap { if case .picture(let box) = $0 { box } else { nil } }.last)
    }

    @Test func theModelOfTheSubStepIsAsked() throws {
        var session = try Session.started(120, 40)
        session.press("P")
        #expect(try Self.box(session).question.model == "imagenet")
        session.press("<down>")
        #expect(try Self.box(session).question.model == "mnist")
        session.press("<esc>4")
        for _ in 0..<10 { session.press("n") }
        session.press("Pa.png<enter>")
        let question = try Self.box(session).question
        #expect(question.model == "mnist" && question.path == "a.png")
        #expect(session.effects.contains(.predict(question)))
        #expect(session.screen.contains("Asking mnist"))
    }

    @Test func pathsAreCompleted() throws {
        var session = try Session.started(120, 40)
        session.press("Pp")
        #expect(session.effects.suffix(2) == [.findPaths(""), .findPaths("p")])
        session.take(.pathsFound(typed: "", ["old.png"]))
        #expect(!session.screen.contains("old.png"), "it isn't what is typed now")
        session.take(.pathsFound(typed: "p", ["pictures/one.png", "pictures/only.jpg"]))
        #expect(session.screen.contains("one.png") && session.screen.contains("only.jpg"))
        session.press("<tab>")
        #expect(try Self.box(session).text == "pictures/on")
        session.take(.pathsFound(typed: "pictures/on", ["pictures/one.png"]))
        session.press("<tab>")
        #expect(try Self.box(session).text == "pictures/one.png")
        session.take(.pasted("\nx"))
        session.press("<c-u>")
        session.take(.pasted("'/tmp/my picture.png'\n"))
        #expect(try Self.box(session).text == "/tmp/my picture.png")
    }

    @Test func theAnswerIsShownBesideThePicture() throws {
        var session = try Session.started(120, 40)
        session.press("Pmine.png<enter>")
        let question = try Self.box(session).question
        session.take(.predicted(question, .prediction(Self.prediction(question.model), try Self.picture())))
        #expect(session.screen.contains("91") && !session.screen.contains("wrong"), "nobody said what is right")
        #expect(session.frame.pictures.map(\.picture) == [try Self.picture()])
        session.press("x")
        #expect(session.frame.pictures.isEmpty, "another path is typed")
        session.take(.predicted(question, .failure(LabError(.usagePicture, Text(en: "No picture.", zh: "不是图片。")))))
        #expect(!session.screen.contains("No picture."), "an answer to another question")
    }

    @Test func aFailureIsSaidInTheBox() throws {
        var session = try Session.started(80, 24)
        session.press("Pa.txt<enter>")
        let question = try Self.box(session).question
        session.take(.predicted(question, .failure(LabError(.usagePicture, Text(en: "No picture.", zh: "不是图片。")))))
        #expect(session.screen.contains("No picture."))
        session.press("<esc>")
        #expect(session.model.overlays.isEmpty)
    }

    /// A box over a picture takes it away: a terminal with graphics would draw it over the box.
    @Test func aBoxCoversPictures() throws {
        var session = try Session.started(120, 40)
        session.press("Pmine.png<enter>")
        let question = try Self.box(session).question
        session.take(.predicted(question, .prediction(Self.prediction(question.model), try Self.picture())))
        #expect(!session.frame.pictures.isEmpty)
        session.show(.notes(.keysTitle, [Text(verbatim: String(repeating: "words ", count: 200))]))
        #expect(session.frame.pictures.isEmpty)
    }

    @Test func aRecordingAsksNothing() throws {
        var session = try Session.started(80, 24)
        session.showAsDemo(speed: 4)
        session.press("P")
        #expect(session.model.overlays.isEmpty)
    }

    @Test func theBox() throws {
        for language in Language.allCases {
            for (columns, rows) in [(120, 40), (80, 24), (60, 15)] {
                var session = try Session.started(columns, rows, language)
                session.press("P~/Pictures/")
                session.take(.pathsFound(typed: "~/Pictures/", ["~/Pictures/seven.png", "~/Pictures/cat.jpg", "~/Pictures/more/"]))
                expectGolden(session.frame, "picture-path-\(columns)x\(rows)-\(language.rawValue)")
                session.press("seven.png<enter>")
                let question = try Self.box(session).question
                session.take(.predicted(question, .prediction(Self.prediction(question.model), try Self.picture())))
                expectGolden(session.frame, "picture-answer-\(columns)x\(rows)-\(language.rawValue)")
            }
        }
    }
}
