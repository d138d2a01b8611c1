import Foundation
import LabFile
import LabRunner
import LabTUI
import Testing

/// Recordings of real runs, and the lab that they belong to.
enum Fixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")
    private static let repository = folder.appending(path: "../../..").standardizedFileURL

    static let documentation = repository.appending(path: "docs/keybindings.md")

    /// The lab as it was when the runs were recorded; its files are the repository's.
    static func lab() throws -> LabSpec {
        let text = try String(contentsOf: folder.appending(path: "lab5.yaml"), encoding: .utf8)
        let load = LabSpecLoader.load(text: text, file: "lab5.yaml", directory: repository.appending(path: "labs/lab5").path)
        return try #require(load.spec, "\(load.diagnostics)")
    }

    /// The events of a recorded run.
    static func run(_ name: String) -> [Event] {
        JournalReader.events(of: RunFolder(path: folder.appending(path: name).path, number: 1))
    }

    /// Bytes of a recorded run's output.
    static func output(_ name: String, _ segment: Segment) -> [UInt8] {
        let folder = RunFolder(path: folder.appending(path: name).path, number: 1)
        return Output(stream: segment.stream, offset: segment.offset, length: segment.length).bytes(in: folder)
    }
}
