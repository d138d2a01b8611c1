import HTTPTransport
import LabSupport

/// The requests of this process, and of the other ailab processes of the same workspace.
final class RequestSource: Sendable {
    private let meter: RequestMeter
    private let board: RequestBoard?
    /// The load tests that ran at the previous measurement. Nil before the first one, because those began earlier.
    private let loads = Locked<Set<String>?>(nil)

    init(_ options: TelemetryOptions, _ clock: TelemetryClock) {
        meter = RequestMeter(sender: options.sender, clock: clock)
        board = options.home.map { RequestBoard(home: $0) }
        CurlHTTPClient.shared.observe(meter)
    }

    /// All requests, and a mark for each load test that began.
    func read(at time: Double) -> ([RequestSample], [TelemetryMark]) {
        let others = board?.read() ?? []
        let now = Set(others.filter(\.isLoad).map(\.server))
        let begun = loads.withLock { loads in
            defer { loads = now }
            return loads.map(now.subtracting) ?? []
        }
        let marks = begun.sorted().map { server in
            TelemetryMark(time: time, kind: .request, text: Text(en: "load test of \(server)", zh: "对 \(server) 压测"))
        }
        return (meter.samples() + others, marks)
    }
}
