import CCurl

/// How long the phases of a finished transfer took, each measured from its start.
package struct TransferTimings: Sendable, Equatable {
    /// Until the name was resolved.
    package var nameLookup: Duration
    /// Until the connection stood; zero where a kept one was used.
    package var connect: Duration
    /// Until the answer's first byte.
    package var firstByte: Duration
    /// Until the end.
    package var total: Duration
}

/// Where a transfer leaves its timings at its end.
package final class TransferReport: Sendable {
    private let measured = Locked<TransferTimings?>(nil)

    /// Nil while the transfer runs, and for one that was cancelled.
    package var timings: TransferTimings? { measured.withLock { $0 } }

    func record(_ timings: TransferTimings) { measured.withLock { $0 = timings } }

    func record(from easy: CurlEasy) {
        let timings = TransferTimings(
            nameLookup: easy.microseconds(CURLINFO_NAMELOOKUP_TIME_T), connect: easy.microseconds(CURLINFO_CONNECT_TIME_T),
            firstByte: easy.microseconds(CURLINFO_STARTTRANSFER_TIME_T), total: easy.microseconds(CURLINFO_TOTAL_TIME_T))
        record(timings)
    }
}
