import CCurl
import LabSupport

/// When the phases of a transfer ended, each measured from its start: libcurl's `CURLINFO_*_TIME_T`
/// (https://curl.se/libcurl/c/curl_easy_getinfo.html), but for what it does not tell of an upload.
package struct TransferTimings: Sendable, Equatable {
    /// The name was resolved.
    package var nameLookup: Duration
    /// The connection stood; the same as `nameLookup` where a kept one was used.
    package var connect: Duration
    /// TLS was agreed upon; the same as `connect` without it.
    package var secured: Duration
    /// The request was about to be sent.
    package var ready: Duration
    /// The request was handed over, its body included.
    package var sent: Duration
    /// The answer's first byte was there.
    package var firstByte: Duration
    /// The end.
    package var total: Duration
}

/// Where a transfer leaves its timings at its end.
package final class TransferReport: Sendable {
    private let measured = Locked<TransferTimings?>(nil)

    /// Nil while the transfer runs, and for one that was cancelled before anything was answered.
    package var timings: TransferTimings? { measured.withLock { $0 } }

    /// Of an upload, libcurl says neither when its last byte was taken (before 8.10) nor when the answer began: its "start of transfer"
    /// is the first byte in either direction. So `upload` says both.
    func record(from easy: CurlEasy, upload: (sent: Duration, answered: Duration)?) {
        // A phase that did not take place ends at zero: it ended with the one before it.
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

/// What became of one request.
package struct TransferOutcome: Sendable {
    package var endpoint: Endpoint
    /// Nil where no answer came.
    package var status: Int?
    /// Why no whole answer came; nil where one did, and where a stream was left by its reader.
    package var failure: TransportError.Kind?
    /// Nil where libcurl did not get to it.
    package var timings: TransferTimings?
    /// The answer has no end of its own, such as a followed log: its length says nothing about the server.
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

/// Is told of every request of a client. Called on the transport's threads: it may neither wait nor call the client.
package protocol TransferObserver: AnyObject, Sendable {
    /// A request is about to begin.
    func transferBegan(_ endpoint: Endpoint)
    /// It has come to its end.
    func transferEnded(_ outcome: TransferOutcome)
}

/// The observers of a client, kept weakly: who no longer looks is forgotten.
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
    /// No limit is set to the answer's length: it goes on as long as the server likes.
    var isStream: Bool { idleTimeout == nil && totalTimeout == nil }
}
