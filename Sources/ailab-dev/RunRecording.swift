import FoundationEssentials
import LabRunner
import LabSupport
import Telemetry

/// Copies a run for the demo: its journal, output and measurements, with the names of its machine replaced.
struct RunRecording {
    /// A name in the run, and its substitute in the recording.
    struct Replacement {
        var old: String
        var new: String
    }

    /// How many samples of the measurements are kept. Every installation contains the demo, so it must be small.
    private static let samples = 180

    private let source: RunFolder
    private let target: RunFolder
    private let replacements: [Replacement]

    /// Writes into the folder `path` and creates it if it is missing.
    init(_ source: RunFolder, into path: String, replacing replacements: [Replacement]) {
        self.source = source
        target = RunFolder(path: path, number: 1)
        self.replacements = replacements
    }

    /// Writes the recording and returns the number of events. Apart from the names, events and their times stay as they are.
    func write() throws -> Int {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var journal: [UInt8] = []
        var output: [UInt8] = []
        let events = JournalReader.events(of: source)
        for var event in events {
            if case .output(let piece) = event.payload {
                let bytes = replaced(String(decoding: piece.bytes(in: source), as: UTF8.self)).utf8
                event.payload = .output(Output(stream: piece.stream, offset: output.count, length: bytes.count))
                output += bytes
            }
            journal += replaced(String(decoding: try encoder.encode(event), as: UTF8.self)).utf8
            journal.append(0x0A)
        }
        try Files.makeDirectory(target.path)
        try Files.write(journal, to: target.journal)
        try Files.write(output, to: target.output)
        let measured = (try? TelemetryRecord.overview(Self.samples, of: source.telemetry)) ?? []
        try Files.write(Array(try measured.map { replaced(try $0.line) + "\n" }.joined().utf8), to: target.telemetry)
        return events.count
    }

    private func replaced(_ text: String) -> String {
        replacements.reduce(text) { $0.replacing($1.old, with: $1.new) }
    }
}
