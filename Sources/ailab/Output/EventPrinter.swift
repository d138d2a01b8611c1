import FoundationEssentials
import LabRunner

/// Shows the events of a run, one after the other.
protocol EventPrinter {
    mutating func show(_ event: Event)
    mutating func finish()
    /// The terminal is about to belong to somebody else, or is back.
    mutating func pause()
}

/// The journal's own lines, for programs.
struct JSONPrinter: EventPrinter {
    private let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    mutating func show(_ event: Event) {
        guard let line = try? encoder.encode(event) else { return }
        Console.output(String(decoding: line, as: UTF8.self))
    }

    mutating func finish() {}
    mutating func pause() {}
}
