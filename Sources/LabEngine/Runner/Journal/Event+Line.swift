import FoundationEssentials
import LabSupport

extension Event {
    /// The largest number of an event, the largest offset and the latest time in a journal, some three thousand years from now. A line with
    /// other numbers is damaged or not ours, and computing with them would overflow.
    private static let numbers = 0...1 << 50
    private static let lengths = 0...1 << 36
    private static let times = 0.0...1e11

    /// The event of a journal's line. Nil if the line isn't one. `isBrief` reads only the main number of a metric.
    init?(_ line: Slice<UnsafeRawBufferPointer>, _ decoder: JSONDecoder, isBrief: Bool = false) {
        // Most of a long journal are output events and metrics.
        let known = OutputLine.event(line) ?? (isBrief ? MetricLine.event(UnsafeRawBufferPointer(rebasing: line)) : nil)
        guard let event = known ?? Self.decoded(line, decoder), event.isPlausible else { return nil }
        self = event
    }

    private static func decoded(_ line: Slice<UnsafeRawBufferPointer>, _ decoder: JSONDecoder) -> Event? {
        JSONText.hasHugeInteger(UnsafeRawBufferPointer(rebasing: line)) ? nil : try? decoder.decode(Event.self, from: Data(line))
    }

    private var isPlausible: Bool {
        guard Self.numbers.contains(sequence), Self.times.contains(time) else { return false }
        guard case .output(let output) = payload else { return true }
        return Self.numbers.contains(output.offset) && Self.lengths.contains(output.length)
    }
}
