package import Telemetry

/// The samples for the charts, and the events in that time.
package struct TelemetryHistory: Sendable {
    /// A quarter of an hour with one sample per second.
    package static let capacity = 900
    private static let markCapacity = 200

    package private(set) var samples = Ring<TelemetrySample>(capacity: TelemetryHistory.capacity)
    package private(set) var marks = Ring<TelemetryMark>(capacity: TelemetryHistory.markCapacity)

    package init() {}

    package var last: TelemetrySample? { samples.last }

    package mutating func append(_ sample: TelemetrySample) {
        // A recording and live samples can overlap.
        if let last, sample.time <= last.time { return }
        samples.append(sample)
        for mark in sample.marks { marks.append(mark) }
    }

    /// The seconds between samples.
    package var interval: Double {
        let times = samples.suffix(4).map(\.time)
        guard times.count > 1, let first = times.first, let last = times.last else { return 1 }
        return (last - first) / Double(times.count - 1)
    }

    /// A quantity over time, beginning at `start`.
    func points(since start: Double, _ value: (TelemetrySample) -> Double?) -> [(x: Double, y: Double)] {
        var points: [(x: Double, y: Double)] = []
        for index in 0..<samples.count {
            let sample = samples[index]
            guard sample.time >= start, let y = value(sample) else { continue }
            points.append((sample.time, y))
        }
        return points
    }
}
