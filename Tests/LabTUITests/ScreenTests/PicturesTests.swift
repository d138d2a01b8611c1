import Foundation
import LabFile
import LabRunner
import LabSupport
import LabTUI
import Telemetry
import TestSupport
import Testing

/// The pictures of the README, from the lab as it is and the recorded run of the demo. `UPDATE_GOLDEN=1` draws them again.
@Suite struct PicturesTests {
    private static let repository = Fixture.folder.appending(path: "../../..").standardizedFileURL
    private static let demo = "../../../labs/lab5/demo"

    private static func session(_ language: Language, _ columns: Int = 110, _ rows: Int = 32, runs: [String] = []) throws -> Session {
        let file = repository.appending(path: "labs/lab5.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let load = LabSpecLoader.load(text: text, file: "lab5.yaml", directory: repository.appending(path: "labs/lab5").path)
        let lab = try #require(load.spec, "\(load.diagnostics)")
        var session = Session(columns, rows, language)
        session.take(.labLoaded(lab, files: "/home/student/.local/state/ailab/work/lab5"))
        if let engine = Recorded.engine { session.take(.engine(.reachable(engine))) }
        session.take(.host(HostSummary(freeBytes: 54_800_000_000, gpus: [])))
        for run in runs { session.replay(run) }
        session.take(.historyRead)
        return session
    }

    /// Compares with a picture in `docs/pictures`. Beside it, `Golden` has its text, whose hash the picture names: see
    /// `scripts/check-pictures.sh`.
    private func expectPicture(_ frames: [CellBuffer], _ name: String, _ language: Language) {
        let name = "\(name)-\(language.rawValue)"
        let text = frames.map(\.plainText).joined(separator: "\n") + "\n"
        expectFile(text, Fixture.folder.appending(path: "../Golden/pictures/\(name).txt"))
        let note = "\(name).txt \(SHA256.hex(of: text.utf8))"
        let picture = frames.count > 1 ? CellBuffer.cast(frames, seconds: 2.5, note: note) : frames[0].svg(note: note)
        expectFile(picture, Self.repository.appending(path: "docs/pictures/\(name).svg"))
    }

    /// A place in the demo's run: after a share of a task's events.
    private struct Place {
        let task: String
        let share: Double

        init(_ task: String, _ share: Double) {
            self.task = task
            self.share = share
        }
    }

    /// Moves to a sub-step of the demo's run as it was at a place.
    private func moment(_ language: Language, _ place: Place?, _ keys: String) throws -> CellBuffer {
        let events = Fixture.run(Self.demo)
        var count = 0
        if let place {
            let own = events.indices.filter { events[$0].task?.description == place.task }
            try #require(!own.isEmpty, "the demo has no \(place.task)")
            count = own[Int(Double(own.count - 1) * place.share)] + 1
        }
        var session = try Self.session(language)
        session.replay(Self.demo, count: count)
        let time = events.prefix(count).last?.time ?? 0
        session.take(.ticked(time))
        session.press(keys)
        for case .readPicture(let file) in session.effects {
            session.take(.pictureRead(path: file.shown, (try? file.read()).flatMap { Picture(decoding: $0) }))
        }
        return session.frame
    }

    @Test(arguments: Language.allCases) func walkthrough(_ language: Language) throws {
        expectPicture([try moment(language, Place("3.5", 0.5), "3nnnno")], "walkthrough", language)
    }

    @Test(arguments: Language.allCases) func failureWithItsCure(_ language: Language) throws {
        var session = try Self.session(language)
        try session.saved(StudentScene.misspelt)
        session.press("3nn")
        session.take(.journal(run: 1, StudentScene.failedBuild()))
        expectPicture([session.frame], "failure", language)
    }

    @Test(arguments: Language.allCases) func telemetry(_ language: Language) {
        CellWidth.prepare()
        var model = TopModel(size: Size(columns: 110, rows: 32), settings: Settings(language: language, look: Look()))
        _ = TopUpdate.update(&model, .telemetry(SampleScene.samples(.gpu)))
        expectPicture([TopView.view(model)], "telemetry", language)
    }

    @Test(arguments: Language.allCases) func cast(_ language: Language) throws {
        let moments: [(Place?, String)] = [
            (nil, ""), (Place("1.4", 1), "2"), (Place("2.4", 1), "2nnn"), (Place("3.3", 0.5), "3nno"), (Place("3.5", 0.3), "3nnnno"),
            (Place("3.5", 0.8), "3nnnno"), (Place("4.5", 0.5), "4nnnno"), (Place("4.8", 1), "4nnnnnnno"),
            (Place("4.11", 1), "4nnnnnnnnnno"),
            (Place("5.2", 1), "5no"), (Place("5.5", 1), "5nnnno"),
        ]
        expectPicture(try moments.map { try moment(language, $0, $1) }, "cast", language)
    }
}
