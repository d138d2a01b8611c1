import CCurl
import LabSupport

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
