import Glibc
import Telemetry

/// A series of load tests, each heavier than the previous one. Finds the knee: the point from which more load only adds waiting time.
package enum LoadSweep {
    /// Doubles from 1 up to and including `top`.
    package static func concurrencies(upTo top: Int) -> [Int] {
        var levels: [Int] = []
        var level = 1
        while level < top {
            levels.append(level)
            level *= 2
        }
        return levels + [max(1, top)]
    }

    /// Eight even steps up to `top`, in requests per second.
    package static func rates(upTo top: Double) -> [Double] { (1...8).map { top * Double($0) / 8 } }

    /// The result of one level.
    package struct Level: Sendable, Equatable {
        /// The number of connections, or the requests per second.
        package var load: Double
        /// Correct responses per second.
        package var throughput: Double
        /// Nanoseconds. Nil if there are too few responses.
        package var median: Int64?
        package var p99: Int64?
        /// The share of requests that failed, weren't sent in time, or had a wrong response.
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

    /// The position of the knee.
    package enum Knee: Sendable, Equatable {
        /// The index of the level.
        case at(Int)
        /// The server handled even the heaviest level, so the knee is beyond it.
        case beyond
        /// The server didn't handle even the lightest level.
        case none
    }

    /// The share of the best throughput that counts as the maximum.
    package static let enough = 0.95
    /// The maximum share of failed requests at a level that the server handles.
    package static let toleratedFaults = 0.01
    /// The maximum ratio of the 99th percentile to that of the lightest level.
    package static let toleratedSlowdown = 3.0

    /// Closed loop: the fewest connections that give 95% of the best throughput. With more of them, requests only wait.
    package static func kneeOfConcurrency(_ levels: [Level]) -> Knee {
        let sound = levels.indices.filter { levels[$0].faults <= toleratedFaults && levels[$0].throughput > 0 }
        guard let best = sound.map({ levels[$0].throughput }).max() else { return .none }
        guard let knee = sound.first(where: { levels[$0].throughput >= best * enough }) else { return .none }
        return knee == levels.indices.last && levels.count > 1 ? .beyond : .at(knee)
    }

    /// Open loop: the highest rate that the server handles, if it handles all lower rates, too. Nearly all requests must have a response in time,
    /// and the 99th percentile must not be far above that of the lightest level. A level with too few responses for that percentile is judged
    /// without it.
    package static func kneeOfRate(_ levels: [Level]) -> Knee {
        let calm = levels.lazy.compactMap(\.p99).first.map(Double.init) ?? .infinity
        // Below a millisecond, the machine's noise is larger than the factor.
        let limit = max(calm * toleratedSlowdown, calm + 1e6)
        let carried = levels.prefix { level in
            level.faults <= toleratedFaults && level.throughput >= level.load * enough && level.p99.map { Double($0) <= limit } ?? true
        }.count
        if carried == 0 { return .none }
        return carried == levels.count ? .beyond : .at(carried - 1)
    }
}
