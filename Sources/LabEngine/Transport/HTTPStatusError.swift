/// A response with an unexpected status, and the beginning of its body.
package struct HTTPStatusError: Error, Sendable, Equatable {
    package var status: Int
    package var body: [UInt8]

    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}
