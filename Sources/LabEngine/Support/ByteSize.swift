/// Parses and formats sizes with Docker's suffixes.
package enum ByteSize {
    private static let powers: [Character: Double] = ["b": 1, "k": 0x1p10, "m": 0x1p20, "g": 0x1p30, "t": 0x1p40]

    /// `512m`, `512mb`, `512MiB` → 536870912. Throws `usage.size`.
    package static func parse(_ text: String) throws(LabError) -> Int64 {
        let lower = text.lowercased()
        let digits = lower.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = lower.dropFirst(digits.count)
        let unit = suffix.first.map { powers[$0] } ?? 1
        if let number = Double(digits), let unit, ["", "b", "ib"].contains(suffix.dropFirst()), suffix.first != "b" || suffix.count == 1,
            let bytes = Int64(exactly: (number * unit).rounded(.down))
        {
            return bytes
        }
        throw LabError(
            .usageSize, Text(en: "`\(text)` is not a size such as 512m or 2g.", zh: "`\(text)` 不是有效的大小，例如 512m 或 2g。"))
    }

    /// `1.7 GB`: powers of 1000, as for disks and in Docker's output.
    package static func shown(_ bytes: Double) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = bytes
        var unit = 0
        // A value that would be rounded up to 1000 moves to the next unit.
        while value >= (unit == 0 ? 1000 : 999.5), unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        if unit == 0 { return "\(Int(shown: value)) B" }
        if value >= 99.95 { return "\(Int(shown: value.rounded())) \(units[unit])" }
        let tenths = Int(shown: (value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
