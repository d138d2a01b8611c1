import HTTPTransport
import LabSupport

/// What this program sends, and what others of the same workspace say that they send.
final class RequestSource: Sendable {
    private let meter: RequestMeter
    private let board: RequestBoard?
    /// Load tests that went on at the last look; nil before the first: those had begun before anybody looked.
    private let loads = Locked<Set<String>?>(nil)

    init(_ options: TelemetryOptions, _ clock: TelemetryClock) {
        meter = RequestMeter(sender: options.sender, clock: clock)
        board = options.home.map { RequestBoard(home: $0) }
        CurlHTTPClient.shared.observe(meter)
    }

    /// All of it, and a mark for each load test that began.
    func read(at time: Double) -> ([RequestSample], [TelemetryMark]) {
        let others = board?.read() ?? []
        let now = Set(others.filter(\.isLoad).map(\.server))
        let begun = loads.withLock { loads in
            defer { loads = now }
            return loads.map(now.subtracting) ?? []
        }
        let marks = begun.sorted().map { server in
            TelemetryMark(time: time, kind: .request, text: Text(en: "load on \(server)", zh: "对 \(server) 施压"))
        }
        return (meter.samples() + others, marks)
    }
}
