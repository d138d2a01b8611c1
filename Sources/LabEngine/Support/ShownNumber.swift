extension Int {
    /// The whole part of a number from an untrusted source, for display. NaN becomes 0, and huge values are clamped instead of trapping.
    package init(shown value: Double) {
        let limit = 1e15
        self = value.isNaN ? 0 : Int(Swift.max(-limit, Swift.min(limit, value)))
    }
}

/// Formats numbers without a locale: both languages show the same digits.
package enum ShownNumber {
    /// A number with fixed decimals, or a dash if it is not finite.
    package static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "-" }
        let factor = (0..<decimals).reduce(1.0) { factor, _ in factor * 10 }
        let scaled = Int(shown: (value.magnitude * factor).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(scaled) }
        let digits = String(scaled)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }

    /// `2.34`, `0.178`, `0.0012`: three significant digits, and at least two decimals, so that a small number doesn't become zero.
    package static func significant(_ value: Double) -> String {
        var decimals = 2
        var magnitude = value.magnitude
        while magnitude > 0, magnitude < 1, decimals < 9 {
            magnitude *= 10
            decimals += 1
        }
        while magnitude >= 10, decimals > 0 {
            magnitude /= 10
            decimals -= 1
        }
        var text = fixed(value, decimals)
        while decimals > 2, text.last == "0" {
            text.removeLast()
            decimals -= 1
        }
        return text
    }

    /// `98%` from a share between 0 and 1.
    package static func percent(share: Double, _ decimals: Int = 0) -> String { fixed(share * 100, decimals) + "%" }

    /// Nanoseconds as milliseconds. Small values get more decimals.
    package static func milliseconds(_ nanoseconds: Double) -> String {
        let value = nanoseconds / 1e6
        return fixed(value, value < 10 ? 3 : value < 100 ? 2 : 1)
    }
}
