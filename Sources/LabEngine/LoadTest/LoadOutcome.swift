import Telemetry

/// The result of one request. The times are those of `LoadClock`.
struct LoadOutcome {
    var slot: Int
    var request: Int
    /// Nil if there was a response.
    var failure: LoadFailure?
    /// The system's or libcurl's message for the failure.
    var detail: String?
    var status = 0
    var start: Int64
    /// When the connection was established, or 0 if a connection was reused.
    var connected: Int64 = 0
    var sent: Int64 = 0
    var firstByte: Int64 = 0
    var end: Int64 = 0
    /// The size of the body in bytes.
    var received = 0
}

/// Sends requests, each over the connection of its slot. All calls must come from the loop's thread.
protocol LoadWire: AnyObject {
    /// Receives the results.
    var receiver: (any LoadReceiver)? { get set }
    /// The number of connections opened so far.
    var opened: Int { get }
    /// Starts a request on an idle slot.
    func begin(_ slot: Int, request: Int)
    /// The loop calls this when one of the wire's descriptors is ready.
    func ready(_ token: UInt64, _ readiness: Int32)
    /// When the loop must call `tick`, in nanoseconds of `LoadClock`. Nil if never.
    var alarm: Int64? { get }
    func tick()
    /// Cancels a request and closes its connection.
    func abandon(_ slot: Int, _ failure: LoadFailure)
}

/// Receives the results of requests.
protocol LoadReceiver: AnyObject {
    /// `body` is the beginning of the response's body, up to `AnswerBody.limit`.
    func finished(_ outcome: LoadOutcome, body: [UInt8])
}
