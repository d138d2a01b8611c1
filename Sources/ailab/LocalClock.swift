import Glibc

/// The clock on the student's wall.
enum LocalClock {
    /// Seconds that it is ahead of UTC at a time, seconds since 1970.
    static func utcOffset(at moment: Double = Double(time(nil))) -> Int {
        var moment = time_t(moment)
        var parts = tm()
        localtime_r(&moment, &parts)
        return parts.tm_gmtoff
    }
}
