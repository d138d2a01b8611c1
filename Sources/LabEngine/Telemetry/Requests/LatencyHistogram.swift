import Histogram

/// Durations in an HDR histogram (http://hdrhistogram.org): from half a microsecond to an hour.
package struct LatencyHistogram: Sendable {
    /// The longest that is told apart from longer ones, in nanoseconds.
    package static let ceiling: Int64 = 3_600_000_000_000
    /// Finer differences are not kept, in nanoseconds.
    private static let unit: UInt64 = 512

    /// How exactly durations are kept.
    package enum Precision: Sendable {
        /// To a tenth of a percent, in 200 kB.
        case fine
        /// To a percent, in 30 kB.
        case coarse
    }

    private var histogram: Histogram<UInt64>

    package init(_ precision: Precision = .fine) {
        histogram = Histogram(
            lowestDiscernibleValue: Self.unit, highestTrackableValue: UInt64(Self.ceiling),
            numberOfSignificantValueDigits: precision == .fine ? .three : .two)
    }

    /// How many were recorded.
    package var count: Int { Int(histogram.totalCount) }

    /// Counts one duration, in nanoseconds.
    package mutating func record(_ nanoseconds: Int64) {
        histogram.record(UInt64(max(0, min(Self.ceiling, nanoseconds))))
    }

    /// Forgets everything.
    package mutating func reset() { histogram.reset() }

    /// The duration that `percent` of all do not exceed, in nanoseconds; nil where nothing was recorded.
    package func percentile(_ percent: Double) -> Int64? {
        guard count > 0 else { return nil }
        return Int64(histogram.valueAtPercentile(percent))
    }

    /// Whether there are enough of them for that percentile to be more than the maximum under another name.
    package func supports(_ percent: Double) -> Bool { Double(count) * (100 - percent) / 100 >= 0.999 }

    /// Nanoseconds; nil where nothing was recorded.
    package var mean: Double? { count > 0 ? histogram.mean : nil }

    /// Nanoseconds; nil where nothing was recorded.
    package var maximum: Int64? { count > 0 ? Int64(histogram.maxRecorded) : nil }

    /// How many durations were no longer than each of `bounds`, in nanoseconds.
    package func counts(upTo bounds: [Int64]) -> [Int] {
        bounds.map { count == 0 ? 0 : Int(histogram.count(within: 0...UInt64(max(0, $0)))) }
    }

    /// A range of durations and how many fell into it.
    package struct Band: Sendable, Equatable {
        /// Nanoseconds, itself not included.
        package var above: Int64
        /// Nanoseconds, itself included.
        package var upTo: Int64
        package var count: Int
    }

    /// The distribution in steps of 1, 2, 5, 10 …, from the band of the shortest to that of the longest.
    package var bands: [Band] {
        guard count > 0, let maximum else { return [] }
        var bands: [Band] = []
        var above: Int64 = 0
        var below = 0
        for upTo in Self.steps {
            let soFar = upTo >= maximum ? count : Int(histogram.count(within: 0...UInt64(upTo)))
            if soFar > 0 { bands.append(Band(above: above, upTo: upTo, count: soFar - below)) }
            if soFar == count { break }
            below = soFar
            above = upTo
        }
        return bands
    }

    private static let steps: [Int64] = (0...9).flatMap { power in
        [1, 2, 5].map { (digit: Int64) in (0..<power).reduce(digit * 1000) { value, _ in value * 10 } }
    }
}
