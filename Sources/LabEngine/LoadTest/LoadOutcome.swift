import Telemetry

/// What became of one request. Times are `LoadClock`'s.
struct LoadOutcome {
    var slot: Int
    var request: Int
    /// Nil where an answer came.
    var failure: LoadFailure?
    /// What the system or libcurl said about the failure.
    var detail: String?
    var status = 0
    var start: Int64
    /// When the connection stood; 0 where a kept one was used.
    var connected: Int64 = 0
    var sent: Int64 = 0
    var firstByte: Int64 = 0
    var end: Int64 = 0
    /// Bytes of the body.
    var received = 0
}

/// Carries requests, each over the connection of its slot. All calls come from the loop's thread.
protocol LoadWire: AnyObject {
    /// Where outcomes go.
    var receiver: (any LoadReceiver)? { get set }
    /// Connections opened so far.
    var opened: Int { get }
    /// Begins a request on a slot that is at rest.
    func begin(_ slot: Int, request: Int)
    /// A descriptor that the wire has the loop watch is ready.
    func ready(_ token: UInt64, _ readiness: Int32)
    /// When the wire wants `tick`, in nanoseconds of `LoadClock`; nil: never.
    var alarm: Int64? { get }
    func tick()
    /// Gives a request up, with its connection.
    func abandon(_ slot: Int, _ failure: LoadFailure)
}

/// Who is told what became of requests.
protocol LoadReceiver: AnyObject {
    /// `body` holds the answer where answers are looked at.
    func finished(_ outcome: LoadOutcome, body: [UInt8])
}
