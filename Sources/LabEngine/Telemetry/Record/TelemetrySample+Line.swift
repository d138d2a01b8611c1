import FoundationEssentials

extension TelemetrySample {
    /// The sample as one line of JSON, without the line end.
    package var line: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// Reads a sample from a line. Nil if the line is invalid.
    package init?(line: some Sequence<UInt8>) {
        guard let sample = try? JSONDecoder().decode(TelemetrySample.self, from: Data(line)) else { return nil }
        self = sample
    }
}
