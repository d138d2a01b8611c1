import Glibc
import LabSupport

/// The time axis of all samples. It starts at the wall clock's time and then advances monotonically, even if the wall clock changes.
package struct TelemetryClock: Sendable {
    private let wallStart: Double
    private let start: Double

    package init() {
        wallStart = wallClock()
        start = Self.monotonic()
    }

    /// The current time on the axis, in seconds since 1970.
    package var now: Double { wallStart + Self.monotonic() - start }

    /// The kernel's monotonic clock, in seconds.
    package static func monotonic() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}

extension Double {
    /// The number with `digits` decimal places, so that it isn't written with more precision than it was measured.
    func rounded(to digits: Int) -> Double {
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        return isFinite ? (self * factor).rounded() / factor : 0
    }
}
