/// A response with an unread body. Releasing `body` ends the transfer.
package struct HTTPResponse: Sendable {
    package var head: ResponseHead
    package var body: HTTPBodyStream
    /// Receives the transfer's timings at its end. Nil if the client does not measure.
    package var report: TransferReport?

    package init(head: ResponseHead, body: HTTPBodyStream, report: TransferReport? = nil) {
        self.head = head
        self.body = body
        self.report = report
    }
}
