/// A bar for a share of a whole, in eighths of a cell if the terminal has these characters.
package struct Gauge {
    private let share: Double

    /// `share` is limited to 0…1. NaN counts as 0.
    package init(_ share: Double) { self.share = share.isFinite ? min(1, max(0, share)) : 0 }

    /// The bar as spans with an exact number of columns.
    package func spans(columns: Int, _ look: Look) -> [Span] {
        guard columns > 0 else { return [] }
        let eighths = Int((share * Double(columns * 8)).rounded(.down))
        let full = eighths / 8
        var bar = String(repeating: look.glyphs.full, count: full)
        var used = full
        if look.glyphs.isUnicode, eighths % 8 > 0, full < columns {
            bar.unicodeScalars.append(Unicode.Scalar(0x2590 - UInt32(eighths % 8)) ?? " ")
            used += 1
        }
        return [Span(bar, look[.gauge]), Span(String(repeating: look.glyphs.empty, count: columns - used), look[.gaugeRest])]
    }
}
