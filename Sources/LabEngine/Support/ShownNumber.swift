extension Int {
    /// The whole part of a number that somebody else wrote, for showing it: what is no number, or beyond any count, is cut to size instead
    /// of ending the program.
    package init(shown value: Double) {
        let limit = 1e15
        self = value.isNaN ? 0 : Int(Swift.max(-limit, Swift.min(limit, value)))
    }
}

/// Numbers as a person reads them, without a locale: the same digits in both languages.
package enum ShownNumber {
    /// With that many decimals; a dash for what is no number.
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

    /// `98 %`, of a share of one.
    package static func percent(share: Double, _ decimals: Int = 0) -> String { fixed(share * 100, decimals) + "%" }

    /// Nanoseconds as milliseconds: more decimals, the fewer they are.
    package static func milliseconds(_ nanoseconds: Double) -> String {
        let value = nanoseconds / 1e6
        return fixed(value, value < 10 ? 3 : value < 100 ? 2 : 1)
    }
}
