import FoundationEssentials
import Glibc
import LabSupport
import Telemetry

/// A run as it goes on record for a demo: its journal and its output, with the names of the machine it was recorded on replaced.
package struct RunRecording: Sendable {
    /// What stood in the run, and what stands in the recording.
    package struct Replacement: Sendable, Equatable {
        package var old: String
        package var new: String

        package init(old: String, new: String) {
            self.old = old
            self.new = new
        }
    }

    /// Samples that are kept of what was measured: a demo is a part of every installation.
    private static let samples = 180

    private let source: RunFolder
    private let target: RunFolder
    private let replacements: [Replacement]

    /// Writes into the folder `path`, which is made where it is missing.
    package init(_ source: RunFolder, into path: String, replacing replacements: [Replacement]) {
        self.source = source
        target = RunFolder(path: path, number: 1)
        self.replacements = replacements
    }

    /// Writes the recording; returns the number of events. What the events say is not touched otherwise, nor is their time.
    package func write() throws -> Int {
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
