/// Searches for the largest rate that a server handles, as TCP searches for the bandwidth: as long as it goes well, the rate grows by a
/// fixed step; as soon as it doesn't, the rate falls by a factor (additive increase, multiplicative decrease).
package struct RateSearch: Sendable, Equatable {
    /// What remains of the rate when the server didn't handle it.
    package static let decrease = 0.7

    /// The rate to try next, in requests per second.
    package private(set) var rate: Double
    /// The largest rate that the server handled so far.
    package private(set) var best: Double?
    private let step: Double

    /// Begins at `start`. Both are requests per second.
    package init(start: Double, step: Double) {
        rate = max(1, start)
        self.step = max(0.1, step)
    }

    /// Takes the result of the rate, and chooses the next one.
    package mutating func take(handled: Bool) {
        if handled {
            best = max(best ?? 0, rate)
            rate += step
        } else {
            rate = max(1, rate * Self.decrease)
        }
    }
}
