import FoundationEssentials
import LabSupport

extension TelemetrySample {
    /// The sample as one line of JSON, without the line end.
    package var line: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// Reads a sample from a line. Nil if the line is invalid, or if its numbers can't be of a sample that ailab recorded.
    package init?(line: some Sequence<UInt8>) {
        let bytes = Data(line)
        guard !bytes.withUnsafeBytes(JSONText.hasHugeInteger), let sample = try? JSONDecoder().decode(TelemetrySample.self, from: bytes),
            (0...1e11).contains(sample.time)
        else { return nil }
        self = sample
    }
}
