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
