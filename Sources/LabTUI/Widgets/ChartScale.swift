import Glibc

/// The y axis of a chart: where a value is between its ends.
package struct ChartScale: Sendable, Equatable {
    package let low: Double
    package let high: Double
    package let isLogarithmic: Bool

    /// A linear axis.
    package init(_ low: Double, _ high: Double) {
        self.low = low
        self.high = high > low ? high : low + 1
        isLogarithmic = false
    }

    private init(decadesFrom low: Double, to high: Double) {
        self.low = low
        self.high = high
        isLogarithmic = true
    }

    /// For a loss: from 0, or in decades if the values span more than one and a half of them. A straight axis would then be a flat line.
    package static func loss(_ values: [Double]) -> ChartScale {
        let positive = values.filter { $0 > 0 && $0.isFinite }
        guard let low = positive.min(), let high = values.max(), positive.count == values.count, high / low > 30,
            // Below, a power of ten has no digits left.
            low > 1e-300
        else {
            return ChartScale(min(0, values.min() ?? 0), values.max() ?? 1)
        }
        return ChartScale(decadesFrom: rounded(low), to: high)
    }

    /// The highest of 1, 2 and 5 times a power of ten that isn't above a value.
    private static func rounded(_ value: Double) -> Double {
        let decade = pow(10, log10(value).rounded(.down))
        return decade * ([5.0, 2].first { $0 * decade <= value } ?? 1)
    }

    /// For a share that ends at 100%: from the highest round percentage that is below all values.
    package static func share(_ values: [Double]) -> ChartScale {
        let lowest = values.min() ?? 0
        return ChartScale([0.99, 0.95, 0.9, 0.8, 0.5].first { $0 < lowest } ?? 0, 1)
    }

    /// The place of a value, 0…1.
    package func share(_ value: Double) -> Double {
        let place =
            isLogarithmic ? (log10(max(value, low)) - log10(low)) / max(log10(high) - log10(low), 1e-9) : (value - low) / (high - low)
        return place.isFinite ? min(1, max(0, place)) : 0
    }

    /// The values to write beside the axis, with their rows, counted from the bottom: both ends, and the powers of ten between them.
    package func ticks(rows: Int) -> [(row: Int, value: Double)] {
        guard rows > 1 else { return [(0, high)] }
        var ticks = [(row: 0, value: low), (row: rows - 1, value: high)]
        guard isLogarithmic else { return ticks }
        var value = pow(10, log10(low).rounded(.down) + 1)
        while value < high {
            let row = Int((share(value) * Double(rows - 1)).rounded())
            if !ticks.contains(where: { $0.row == row }) { ticks.append((row, value)) }
            value *= 10
        }
        return ticks
    }
}
