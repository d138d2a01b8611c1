import Histogram

/// Durations in an HDR histogram (http://hdrhistogram.org): from half a microsecond to an hour.
package struct LatencyHistogram: Sendable {
    /// The maximum duration in nanoseconds. Longer ones count as this.
    package static let ceiling: Int64 = 3_600_000_000_000
    /// The resolution in nanoseconds.
    private static let unit: UInt64 = 512

    /// The precision of the durations.
    package enum Precision: Sendable {
        /// A tenth of a percent, with 200 kB of memory.
        case fine
        /// One percent, with 30 kB of memory.
        case coarse
    }

    private var histogram: Histogram<UInt64>

    package init(_ precision: Precision = .fine) {
        histogram = Histogram(
            lowestDiscernibleValue: Self.unit, highestTrackableValue: UInt64(Self.ceiling),
            numberOfSignificantValueDigits: precision == .fine ? .three : .two)
    }

    /// The number of recorded durations.
    package var count: Int { Int(histogram.totalCount) }

    /// Records one duration, in nanoseconds.
    package mutating func record(_ nanoseconds: Int64) {
        histogram.record(UInt64(max(0, min(Self.ceiling, nanoseconds))))
    }

    /// Adds the durations of another histogram.
    package mutating func add(_ other: LatencyHistogram) { histogram.add(other.histogram) }

    /// Removes all durations.
    package mutating func reset() { histogram.reset() }

    /// The duration in nanoseconds that `percent` of all don't exceed. Nil if nothing was recorded.
    package func percentile(_ percent: Double) -> Int64? {
        guard count > 0 else { return nil }
        return Int64(histogram.valueAtPercentile(percent))
    }

    /// Whether there are enough durations for this percentile to differ from the maximum.
    package func supports(_ percent: Double) -> Bool { Double(count) * (100 - percent) / 100 >= 0.999 }

    /// Nanoseconds. Nil if nothing was recorded.
    package var mean: Double? { count > 0 ? histogram.mean : nil }

    /// Nanoseconds. Nil if nothing was recorded.
    package var maximum: Int64? { count > 0 ? Int64(histogram.maxRecorded) : nil }

    /// How many durations were at most each of `bounds`, in nanoseconds.
    package func counts(upTo bounds: [Int64]) -> [Int] {
        bounds.map { count == 0 ? 0 : Int(histogram.count(within: 0...UInt64(max(0, $0)))) }
    }

    /// A range of durations, and the number of durations in it.
    package struct Band: Sendable, Equatable {
        /// Nanoseconds, exclusive.
        package var above: Int64
        /// Nanoseconds, inclusive.
        package var upTo: Int64
        package var count: Int
    }

    /// The distribution in bands of 1, 2, 5, 10 …, from the shortest duration to the longest.
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
