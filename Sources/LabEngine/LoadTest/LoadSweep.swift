import Glibc
import Telemetry

/// A row of load tests, each heavier than the one before, and the point from which more load brings only waiting.
package enum LoadSweep {
    /// Doubling from one up to `top`, `top` included.
    package static func concurrencies(upTo top: Int) -> [Int] {
        var levels: [Int] = []
        var level = 1
        while level < top {
            levels.append(level)
            level *= 2
        }
        return levels + [max(1, top)]
    }

    /// Eight even steps up to `top`, in requests a second.
    package static func rates(upTo top: Double) -> [Double] { (1...8).map { top * Double($0) / 8 } }

    /// What one level gave.
    package struct Level: Sendable, Equatable {
        /// Requests at a time, or requests a second.
        package var load: Double
        /// Right answers a second.
        package var throughput: Double
        /// Nanoseconds; nil where too little was answered to tell.
        package var median: Int64?
        package var p99: Int64?
        /// Share of the requests that were not answered, not sent in time, or answered wrongly.
        package var faults: Double

        package init(load: Double, throughput: Double, median: Int64?, p99: Int64?, faults: Double) {
            self.load = load
            self.throughput = throughput
            self.median = median
            self.p99 = p99
            self.faults = faults
        }

        package init(_ report: LoadReport) {
            let tally = report.tally
            let all = tally.answered + tally.failed + tally.unsent
            let bad = tally.failed + tally.unsent + tally.wrong
            switch report.pacing {
            case .concurrency(let count): load = Double(count)
            case .rate(let rate, _): load = rate
            }
            throughput = report.throughput
            median = tally.latency.percentile(50)
            p99 = tally.latency.supports(99) ? tally.latency.percentile(99) : nil
            faults = all > 0 ? Double(bad) / Double(all) : 1
        }
    }

    /// Where the knee is.
    package enum Knee: Sendable, Equatable {
        /// The index of the level.
        case at(Int)
        /// Even the heaviest level was carried: the knee lies beyond.
        case beyond
        /// Not even the lightest level was carried.
        case none
    }

    /// Share of the best throughput that counts as all there is.
    package static let enough = 0.95
    /// Share of the requests that may go wrong at a level that counts as carried.
    package static let toleratedFaults = 0.01
    /// How many times the lightest level's 99th percentile a carried rate may take.
    package static let toleratedSlowdown = 3.0

    /// Closed loop: the fewest requests at a time that give 95 % of the best throughput. More of them only wait.
    package static func kneeOfConcurrency(_ levels: [Level]) -> Knee {
        let sound = levels.indices.filter { levels[$0].faults <= toleratedFaults && levels[$0].throughput > 0 }
        guard let best = sound.map({ levels[$0].throughput }).max() else { return .none }
        guard let knee = sound.first(where: { levels[$0].throughput >= best * enough }) else { return .none }
        return knee == levels.indices.last && levels.count > 1 ? .beyond : .at(knee)
    }

    /// Open loop: the highest rate that the server kept up with, lower ones included: nearly everything answered in time, and the 99th
    /// percentile not far above the lightest level's.
    package static func kneeOfRate(_ levels: [Level]) -> Knee {
        guard let calm = levels.first?.p99 else { return .none }
        // Below a millisecond, the noise of a machine is larger than any factor.
        let limit = max(Double(calm) * toleratedSlowdown, Double(calm) + 1e6)
        let carried = levels.prefix { level in
            level.faults <= toleratedFaults && level.throughput >= level.load * enough && Double(level.p99 ?? .max) <= limit
        }.count
        if carried == 0 { return .none }
        return carried == levels.count ? .beyond : .at(carried - 1)
    }
}
