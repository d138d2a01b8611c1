/// A number of the lab that is written as text, because a variable can be in it: a rate, a number of seconds.
package enum LabMeasure {
    static let maximum = 1_000_000.0

    /// The number. Nil unless it's above 0 and not above the maximum: nobody waits for longer, and no machine is faster.
    package static func number(_ text: String) -> Double? {
        Double(text).flatMap { $0 > 0 && $0 <= maximum ? $0 : nil }
    }
}
