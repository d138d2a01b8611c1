/// What a request sends.
package enum HTTPBody: Sendable {
    case bytes([UInt8])
    /// A file on the host, sent with its length.
    case file(path: String)
    /// Bytes produced on demand. If `length` is nil, they are sent in chunks.
    case produced(by: any UploadProducer, length: Int64?)
}
