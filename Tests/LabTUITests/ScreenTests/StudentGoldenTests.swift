import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI
import Testing

/// The screens of the student's own path.
@Suite struct StudentGoldenTests {
    private static let sizes = [(160, 50), (120, 40), (80, 24), (60, 15)]

    private func golden(_ name: String, runs: [String] = [], _ steps: (inout Session) throws -> Void) throws {
        for language in Language.allCases {
            for (columns, rows) in Self.sizes {
                var session = try Session.started(columns, rows, language, runs: runs)
                try steps(&session)
                expectGolden(session.frame, "\(name)-\(columns)x\(rows)-\(language.rawValue)")
            }
        }
    }

    @Test func noFile() throws {
        try golden("file-missing") { session in
            try session.saved(nil)
            session.press("3o")
        }
    }

    @Test func template() throws {
        try golden("file-template") { session in
            try session.savedTemplate()
            session.press("3o")
        }
    }

    @Test func mistakes() throws {
        try golden("file-mistakes") { session in
            session.press("3o")
            try session.saved(StudentScene.wrong)
        }
    }

    @Test func right() throws {
        try golden("file-right") { session in
            try session.saved(StudentScene.right)
            session.press("3o")
        }
    }

    @Test func beforeTheBuild() throws {
        try golden("build-open") { session in
            try session.saved(StudentScene.right)
            session.press("3nno")
        }
    }

    @Test func failedBuild() throws {
        try golden("build-failed") { session in
            try session.saved(StudentScene.misspelt)
            session.press("3nn")
            session.take(.journal(run: 1, StudentScene.failedBuild()))
        }
    }

    @Test func autoAsks() throws {
        try golden("auto-question") { session in
            try session.saved(StudentScene.wrong)
            session.press("3a")
        }
    }

    @Test func againAsks() throws {
        try golden("again-question", runs: ["train"]) { session in
            try session.saved(StudentScene.right)
            session.press("3nnr")
        }
    }

    @Test func solutionAsks() throws { try golden("solution-question") { $0.press("3hhh") } }

    @Test func finale() throws {
        try golden("finale", runs: ["first", "train", "serve"]) { session in
            for task in try Fixture.lab().tasks where !session.model.lab.state(of: task.id).isSettled {
                session.take(.workspaceJournal([StudentScene.done(task.id)]))
            }
            session.press("l<end><enter><enter>")
            session.take(.cleanable([WorkspaceObject(kind: .image, name: "train_dl:latest", id: "2", bytes: 1_850_000_000)]))
        }
    }
}
