package import LoadTest

/// A sweep as its levels come in: when more load makes no sense, and from where on it only waits.
package struct MeasuredSweep: Sendable {
    /// Levels that count, the lightest first.
    package private(set) var levels: [LoadSweep.Level] = []
    package private(set) var wasStopped = false
    /// True if no further level is to be tried: it was stopped, or the server answers nothing any more.
    package private(set) var isOver = false
    private let isRate: Bool

    package init(isRate: Bool) { self.isRate = isRate }

    /// Takes a level's report; returns the level if it counts.
    package mutating func take(_ report: LoadReport) -> LoadSweep.Level? {
        wasStopped = report.wasStopped
        isOver = report.wasStopped || report.tally.answered == 0
        // A level that was stopped before its first answer says nothing.
        guard report.tally.answered > 0 || !report.wasStopped else { return nil }
        let level = LoadSweep.Level(report)
        levels.append(level)
        return level
    }

    package var knee: LoadSweep.Knee { isRate ? LoadSweep.kneeOfRate(levels) : LoadSweep.kneeOfConcurrency(levels) }
}
