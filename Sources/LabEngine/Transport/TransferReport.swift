import CCurl
import LabSupport

/// When the phases of a transfer ended, each measured from its start.
///
/// The values are libcurl's `CURLINFO_*_TIME_T` (https://curl.se/libcurl/c/curl_easy_getinfo.html). For uploads, ailab measures what
/// libcurl doesn't report.
package struct TransferTimings: Sendable, Equatable {
    /// The name was resolved.
    package var nameLookup: Duration
    /// The connection was open. Equal to `nameLookup` if an existing connection was reused.
    package var connect: Duration
    /// TLS was negotiated. Equal to `connect` without TLS.
    package var secured: Duration
    /// The request was about to be sent.
    package var ready: Duration
    /// The request was sent, including its body.
    package var sent: Duration
    /// The response's first byte arrived.
    package var firstByte: Duration
    /// The transfer ended.
    package var total: Duration
}

/// Holds a transfer's timings after its end.
package final class TransferReport: Sendable {
    private let measured = Locked<TransferTimings?>(nil)

    /// Nil while the transfer runs, and if it was cancelled before any response.
    package var timings: TransferTimings? { measured.withLock { $0 } }

    /// For an upload, libcurl reports neither when its last byte was taken (before 8.10) nor when the response began: its "start of
    /// transfer" is the first byte in either direction. So `upload` gives both.
    func record(from easy: CurlEasy, upload: (sent: Duration, answered: Duration)?) {
        // libcurl reports 0 for a phase that did not happen. Such a phase ends with the one before it.
        var last = Duration.zero
        func time(_ info: CURLINFO) -> Duration {
            last = max(last, easy.microseconds(info))
            return last
        }
        let nameLookup = time(CURLINFO_NAMELOOKUP_TIME_T)
        let connect = time(CURLINFO_CONNECT_TIME_T)
        let secured = time(CURLINFO_APPCONNECT_TIME_T)
        let ready = time(CURLINFO_PRETRANSFER_TIME_T)
        let start = time(CURLINFO_STARTTRANSFER_TIME_T)
        let total = time(CURLINFO_TOTAL_TIME_T)
        let sent = min(max(ready, upload?.sent ?? ready), total)
        let firstByte = min(max(sent, upload?.answered ?? start), total)
        record(
            TransferTimings(
                nameLookup: nameLookup, connect: connect, secured: secured, ready: ready, sent: sent, firstByte: firstByte, total: total))
    }

    func record(_ timings: TransferTimings) { measured.withLock { $0 = timings } }
}

/// The outcome of one request.
package struct TransferOutcome: Sendable {
    package var endpoint: Endpoint
    /// Nil if no response came.
    package var status: Int?
    /// Why no complete response came. Nil if one did, or if the reader left a stream.
    package var failure: TransportError.Kind?
    /// Nil if libcurl did not start the request.
    package var timings: TransferTimings?
    /// Whether the response has no end of its own, such as a followed log. Its duration then says nothing about the server.
    package var isStream: Bool

    package init(
        endpoint: Endpoint, status: Int? = nil, failure: TransportError.Kind? = nil, timings: TransferTimings? = nil, isStream: Bool = false
    ) {
        self.endpoint = endpoint
        self.status = status
        self.failure = failure
        self.timings = timings
        self.isStream = isStream
    }
}

/// Hears about every request of a client. Called on the transport's threads, so it must neither wait nor call the client.
package protocol TransferObserver: AnyObject, Sendable {
    /// A request is about to begin.
    func transferBegan(_ endpoint: Endpoint)
    /// The request has ended.
    func transferEnded(_ outcome: TransferOutcome)
}

/// The observers of a client. The references are weak, so a released observer drops out.
final class TransferObservers: Sendable {
    private struct Entry {
        weak var observer: (any TransferObserver)?
    }

    private let entries = Locked<[Entry]>([])

    func add(_ observer: any TransferObserver) {
        entries.withLock { entries in
            entries.removeAll { $0.observer == nil }
            entries.append(Entry(observer: observer))
        }
    }

    func began(_ endpoint: Endpoint) { for observer in living { observer.transferBegan(endpoint) } }

    func ended(_ outcome: TransferOutcome) { for observer in living { observer.transferEnded(outcome) } }

    private var living: [any TransferObserver] { entries.withLock { $0.compactMap(\.observer) } }
}

extension HTTPRequest {
    /// Whether the response may go on for any time, because no timeout limits it.
    var isStream: Bool { idleTimeout == nil && totalTimeout == nil }
}
