/// A row of bars. The newest value is at the right.
package struct Sparkline {
    private let values: [Double]

    package init(_ values: [Double]) { self.values = values.filter(\.isFinite) }

    /// The bars, as many as fit into `columns`.
    package func text(columns: Int, _ look: Look) -> String {
        let shown = values.suffix(max(0, columns))
        guard let top = shown.max(), top > 0 else { return String(repeating: look.glyphs.isUnicode ? "▁" : "_", count: shown.count) }
        let levels = Array(look.glyphs.isUnicode ? "▁▂▃▄▅▆▇█" : "_.-=+*%#")
        return String(shown.map { levels[min(levels.count - 1, max(0, Int($0 / top * Double(levels.count - 1) + 0.5)))] })
    }
}
