import LabRunner
import LabSupport

/// Shows the events of a run, one after the other.
protocol EventPrinter {
    mutating func show(_ event: Event)
    mutating func finish()
    /// The terminal is about to belong to somebody else, or is back.
    mutating func pause()
}

/// The journal's own lines, for programs.
struct JSONPrinter: EventPrinter {
    mutating func show(_ event: Event) { Console.output(JSONText.object(event)) }

    mutating func finish() {}
    mutating func pause() {}
}
