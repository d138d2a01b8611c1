import LabEngine

/// Numbers as they stand in columns.
enum Figure {
    /// With that many decimals.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "-" }
        let factor = (0..<decimals).reduce(1.0) { factor, _ in factor * 10 }
        let scaled = Int(shown: (value.magnitude * factor).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(scaled) }
        let digits = String(scaled)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }

    /// `1 234 567`, in groups of three.
    static func count(_ number: Int) -> String {
        var groups: [String] = []
        var rest = String(number)
        while rest.count > 3 {
            groups.insert(String(rest.suffix(3)), at: 0)
            rest = String(rest.dropLast(3))
        }
        return ([rest] + groups).joined(separator: " ")
    }

    /// A rate: enough digits to tell two apart.
    static func rate(_ value: Double) -> String { value >= 100 ? count(Int(shown: value.rounded())) : fixed(value, 1) }

    /// Nanoseconds as milliseconds, a dash where there are none.
    static func milliseconds(_ nanoseconds: Int64?) -> String { nanoseconds.map { milliseconds(Double($0)) } ?? "-" }

    static func milliseconds(_ nanoseconds: Double) -> String {
        let value = nanoseconds / 1e6
        return fixed(value, value < 10 ? 3 : value < 100 ? 2 : 1)
    }

    static func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }

    /// Filled up by columns, of which a Chinese character takes two.
    static func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - columns(text))) }

    static func columns(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }
    }
}
