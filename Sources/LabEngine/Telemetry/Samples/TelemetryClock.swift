import Glibc
import LabSupport

/// The axis that all samples share: it begins at the wall clock's time and goes on monotonically, whatever becomes of the wall clock.
package struct TelemetryClock: Sendable {
    private let wallStart: Double
    private let start: Double

    package init() {
        wallStart = wallClock()
        start = Self.monotonic()
    }

    /// Seconds since 1970 on the axis.
    package var now: Double { wallStart + Self.monotonic() - start }

    /// The kernel's monotonic clock, seconds.
    package static func monotonic() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}

extension Double {
    /// Cut to so many digits behind the point: what is measured less exactly is not written more exactly.
    func rounded(to digits: Int) -> Double {
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        return isFinite ? (self * factor).rounded() / factor : 0
    }
}
