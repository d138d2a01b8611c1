/// Fills the upload buffer when libcurl has room. Called on the transport's thread, so it may read a file but must not wait.
package protocol UploadProducer: Sendable {
    /// Writes at most `buffer.count` bytes and returns their number, 0 at the end. A thrown error aborts the request.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}
