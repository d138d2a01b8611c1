/// Searches for the largest rate that a server handles, as TCP searches for the bandwidth. At first, the rate grows by half until the server
/// doesn't handle it (slow start). From then on it grows by a fixed step as long as it goes well, and falls by a factor as soon as it doesn't
/// (additive increase, multiplicative decrease).
package struct RateSearch: Sendable, Equatable {
    /// The rate is multiplied by this if the server didn't handle it.
    package static let decrease = 0.7

    /// The rate to try next, in requests per second.
    package private(set) var rate: Double
    /// The largest rate that the server handled so far.
    package private(set) var best: Double?
    /// The server didn't handle some rate: the best one is a limit and not only where the search ended.
    package private(set) var hasExceeded = false
    private let step: Double
    private static let firstIncrease = 1.5

    /// Begins at `start`. Both are requests per second.
    package init(start: Double, step: Double) {
        rate = max(1, start)
        self.step = max(0.1, step)
    }

    /// Takes the result of the rate, and chooses the next one.
    package mutating func take(handled: Bool) {
        if handled {
            best = max(best ?? 0, rate)
            rate = hasExceeded ? rate + step : max(rate + step, rate * Self.firstIncrease)
        } else {
            hasExceeded = true
            rate = max(1, rate * Self.decrease)
        }
    }
}
