import LabSupport
import LabTUI

/// Numbers as they stand in columns.
enum Figure {
    /// With that many decimals.
    static func fixed(_ value: Double, _ decimals: Int) -> String { ShownNumber.fixed(value, decimals) }

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

    /// A measured rate: enough digits to tell two apart.
    static func rate(_ value: Double) -> String { value >= 100 ? count(Int(shown: value.rounded())) : fixed(value, 1) }

    /// A number that somebody gave: a whole one without decimals.
    static func given(_ value: Double) -> String { value == value.rounded() ? count(Int(shown: value)) : fixed(value, 1) }

    /// `50%`, `99.9%`, `99.99%`: as many decimals as it has.
    static func percent(_ value: Double) -> String {
        let decimals = [0, 1].first { Double(fixed(value, $0)) == value } ?? 2
        return "\(fixed(value, decimals))%"
    }

    /// Nanoseconds as milliseconds, a dash where there are none.
    static func milliseconds(_ nanoseconds: Int64?) -> String { nanoseconds.map { milliseconds(Double($0)) } ?? "-" }

    static func milliseconds(_ nanoseconds: Double) -> String { ShownNumber.milliseconds(nanoseconds) }

    static func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - CellWidth.of(text))) + text }

    /// Filled up by columns, of which a Chinese character takes two.
    static func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - CellWidth.of(text))) }
}
